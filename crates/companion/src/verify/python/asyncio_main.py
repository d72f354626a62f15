"""Runs an exported asyncio program once, in real time, and records it.

`asyncio_main.py FOLDER` reads `program.py` and `plan.json` in the folder and writes
`trace.json` there.
"""

import asyncio
import json
import multiprocessing
import os
import sys
import time


def main():
    folder = sys.argv[1]
    sys.path.insert(0, folder)
    # As modules, because workers of a process pool import functions by module name.
    import program
    import watch

    with open(os.path.join(folder, "plan.json"), encoding="utf-8") as file:
        plan = json.load(file)
    if plan["affinity"] and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, plan["affinity"])
    watch.RECORDER = recorder = watch.Recorder(plan, program.__file__)
    recorder.watch(program)
    loop = watch.WatchedLoop(recorder)
    pools = watch.replace_pools(program, recorder, loop)
    ending = run(program, recorder, loop, plan)
    if ending != "finished":
        end_ns = plan["until_ns"] if ending == "until" else recorder.now()
        write(folder, watch.result(recorder, ending, end_ns))
        for child in multiprocessing.active_children():
            child.kill()
        os._exit(0)
    for pool in pools:
        pool.shutdown(wait=True)
    write(folder, watch.result(recorder, ending, None))


def run(program, recorder, loop, plan):
    """Runs the program. Returns its ending: `finished`, `until` or `deadlock`."""

    async def measured():
        recorder.begin_ns = time.monotonic_ns()
        await program.main()

    from watch import Deadlock

    try:
        if plan["until_ns"] is not None:
            # The loop is never closed: that would cancel the tasks that `until` cuts off.
            loop.run_until_complete(measured())
            return "until" if recorder.now() >= plan["until_ns"] else "finished"
        # Not `with`: closing after a deadlock would wait for the tasks that are stuck.
        runner = asyncio.Runner(loop_factory=lambda: loop)
        runner.run(measured())
        runner.close()
        return "finished"
    except Deadlock:
        return "deadlock"


def write(folder, result):
    unfinished = os.path.join(folder, "trace.unfinished")
    with open(unfinished, "w", encoding="utf-8") as file:
        json.dump(result, file)
    os.replace(unfinished, os.path.join(folder, "trace.json"))


if __name__ == "__main__":
    main()
