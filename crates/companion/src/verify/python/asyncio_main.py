"""Runs an exported asyncio program once, in real time, and records it.

`asyncio_main.py FOLDER` reads `program.py` and `plan.json` in the folder and writes
`trace.json` there.
"""

import asyncio
import multiprocessing
import os
import sys
import time


def main():
    folder = sys.argv[1]
    sys.path.insert(0, folder)
    # As modules, because workers of a process pool import functions by module name.
    from loop import WatchedLoop, replace_pools
    import program
    import script
    import watch

    plan = script.begin(folder)
    watch.WATCHER = watcher = watch.RealWatcher(plan, program.__file__)
    watcher.replace_functions(program)
    loop = WatchedLoop(watcher)
    pools = replace_pools(program, watcher, loop)
    with watcher.watching():
        ending = run(program, watcher, loop, plan)
    if ending != "finished":
        end_ns = plan["until_ns"] if ending == "until" else watcher.now()
        script.write_result(folder, "trace.json", script.result(watcher, ending, end_ns))
        for child in multiprocessing.active_children():
            child.kill()
        os._exit(0)
    for pool in pools:
        pool.shutdown(wait=True)
    script.write_result(folder, "trace.json", script.result(watcher, ending, None))


def run(program, watcher, loop, plan):
    """Runs the program. Returns its ending: `finished`, `until` or `deadlock`."""

    async def measured():
        watcher.begin_ns = time.monotonic_ns()
        await program.main()

    from loopscope.endings import Deadlock

    try:
        if plan["until_ns"] is not None:
            # The loop is never closed: that would cancel the tasks that `until` cuts off.
            loop.run_until_complete(measured())
            return "until" if watcher.now() >= plan["until_ns"] else "finished"
        # Not `with`: closing after a deadlock would wait for the tasks that are stuck.
        runner = asyncio.Runner(loop_factory=lambda: loop)
        runner.run(measured())
        runner.close()
        return "finished"
    except Deadlock:
        return "deadlock"


if __name__ == "__main__":
    main()
