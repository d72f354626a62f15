"""10,000 tasks of two sleeps: CPython's bare loop, the same watched, and with the trace as text.

`python3 benches/python/tasks.py`. CPU time of this process, the best of 9 turns. The bare loop has
a selector that moves its clock, so that it does not sleep either.
"""

import asyncio
import json
import os
import selectors
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "python"))

from loopscope import embedded
from loopscope.runner import run_source

clock = time.process_time
ROUNDS = 9

TASKS = """import asyncio
async def f():
    await asyncio.sleep(1)
    await asyncio.sleep(1)
async def main():
    await asyncio.gather(*[f() for _ in range(10_000)])
"""
PROGRAM = TASKS + "asyncio.run(main())\n"


class BareLoop(asyncio.SelectorEventLoop):
    """CPython's loop, whose clock jumps."""

    def __init__(self):
        self.now = 0.0
        super().__init__(JumpingSelector(self))

    def time(self):
        return self.now


class JumpingSelector(selectors.SelectSelector):
    def __init__(self, loop):
        super().__init__()
        self.loop = loop

    def select(self, timeout=None):
        self.loop.now += timeout or 0
        return []


def bare():
    names = {}
    exec(TASKS, names)
    loop = BareLoop()
    loop.run_until_complete(names["main"]())
    loop.close()


def watched():
    assert run_source(PROGRAM, "program.py").ending == "finished"


def with_trace():
    result, _ = embedded.run_json(PROGRAM)
    assert json.loads(result)["ending"] == "finished"


def main():
    ways = {"bare loop": bare, "watched": watched, "with result and trace": with_trace}
    best = dict.fromkeys(ways, float("inf"))
    # In turn, so that a busy moment strikes all of them.
    for _ in range(ROUNDS):
        for name, run in ways.items():
            begin = clock()
            run()
            best[name] = min(best[name], clock() - begin)
    version = ".".join(map(str, sys.version_info[:3]))
    times = ", ".join(f"{name} {1000 * seconds:.0f} ms" for name, seconds in best.items())
    print(f"Python {version}: {times}")


if __name__ == "__main__":
    main()
