"""Runs one exported asyncio program in real time; writes what happened.

`asyncio_main.py FOLDER` runs `program.py` in that folder as `plan.json` says,
and leaves `trace.json` there.
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
    # Imported under names that workers of a process pool can import, too.
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
    """How the program was over. With `until` nobody is cancelled at the end."""

    async def measured():
        recorder.begin_ns = time.monotonic_ns()
        await program.main()

    from watch import Deadlock

    try:
        if plan["until_ns"] is not None:
            loop.run_until_complete(measured())
            return "until" if recorder.now() >= plan["until_ns"] else "finished"
        # Closed only where all is well: closing cancels, and waits for what is stuck.
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
