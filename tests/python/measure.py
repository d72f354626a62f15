"""Runs one exported program for real; prints what happened and when, as JSON.

`measure.py FOLDER` runs `program.py` in that folder. Times are nanoseconds of
the wall clock since `main` began. The watcher is that of `python/loopscope`.
"""

import asyncio
import json
import sys
import time

from events import Numbering

from loopscope import sources
from loopscope.watcher import Watcher, name_of


def main():
    folder = sys.argv[1]
    sys.path.insert(0, folder)
    # Imported under a name that workers of a process pool can import, too.
    import program

    begin = time.perf_counter_ns()
    source = sources.read(program.__file__)
    watcher = Watcher(
        sources.Program(program.__file__, source), lambda: time.perf_counter_ns() - begin
    )
    watcher.name_of = name_of_work
    texts = []

    def mark(state, *words):
        # For the task at work; threads are not watched.
        if asyncio._get_running_loop():
            watcher.mark(state, None)
            texts.extend(words)

    program.print = lambda *words: mark("printed", " ".join(map(str, words)))
    program.respond = lambda: mark("responded")

    async def measured():
        nonlocal begin
        begin = time.perf_counter_ns()
        await program.main()

    with watcher.watching(), asyncio.Runner() as runner:
        watcher.watch_loop(runner.get_loop())
        runner.run(measured())
    numbering = Numbering(source, watcher.instances)
    # Not sorted by time: what happened in one order is told in that order.
    events = numbering.events(watcher.records, texts)
    print(json.dumps({"id": 0, "events": events}))


def name_of_work(coroutine):
    """The script's name: of the function on a thread, not of the one that awaits it."""
    if coroutine.__name__ == "run_in_threadpool" and coroutine.cr_frame is not None:
        return coroutine.cr_frame.f_locals["work"].__name__
    return name_of(coroutine)


if __name__ == "__main__":
    main()
