"""The watcher sees every kind of wait with its line, on the virtual clock and on a real one."""

import asyncio
import sys
import time
import unittest

from check import PROGRAMS  # noqa: F401, puts the package on the path

from loopscope.runner import run_source
from loopscope.sources import Program
from loopscope.watcher import Watcher

PRELUDE = """\
import asyncio
async def soon(action):
    await asyncio.sleep(1)
    action()
async def give(condition):
    await asyncio.sleep(1)
    async with condition:
        condition.notify()
async def agen():
    await asyncio.sleep(1)
    yield 1
class Later:
    def __await__(self):
        yield from asyncio.sleep(1).__await__()
async def main():
    loop = asyncio.get_running_loop()
"""
LINE = len(PRELUDE.splitlines()) + 1


def states_of(body: str) -> list[tuple[str, int]]:
    """The states of `main` in which time passes, with their lines."""
    text = PRELUDE + "".join(f"    {line}\n" for line in body.splitlines())
    run = run_source(text + "asyncio.run(main())\n", "example.py")
    assert run.ending == "finished", (run.message, run.problems)
    main = next(i.number for i in run.watcher.instances if i.name == "main")
    records = [record for record in run.watcher.in_order() if record[1] == main]
    return [
        (state, place[1])
        for (at_ns, _, state, _, place, _), following in zip(records, records[1:])
        if following[0] > at_ns
    ]


class Waits(unittest.TestCase):
    def check(self, body: str, state: str, line: int = LINE) -> None:
        self.assertEqual(states_of(body), [(state, line)])

    def test_time(self) -> None:
        self.check("await asyncio.sleep(1)", "awaiting")

    def test_a_lock(self) -> None:
        self.check(
            "lock = asyncio.Lock()\nawait lock.acquire()\nt = asyncio.create_task(soon(lock.release))\n"
            "async with lock: pass\nawait t",
            "waiting_permit",
            LINE + 3,
        )

    def test_a_semaphore(self) -> None:
        self.check(
            "s = asyncio.Semaphore(0)\nt = asyncio.create_task(soon(s.release))\nawait s.acquire()\nawait t",
            "waiting_permit",
            LINE + 2,
        )

    def test_an_item(self) -> None:
        self.check(
            "q = asyncio.Queue()\nt = asyncio.create_task(soon(lambda: q.put_nowait(1)))\nawait q.get()\nawait t",
            "waiting_item",
            LINE + 2,
        )

    def test_room(self) -> None:
        self.check(
            "q = asyncio.Queue(1)\nq.put_nowait(1)\nt = asyncio.create_task(soon(q.get_nowait))\n"
            "await q.put(2)\nawait t",
            "waiting_room",
            LINE + 3,
        )

    def test_an_event(self) -> None:
        self.check(
            "e = asyncio.Event()\nt = asyncio.create_task(soon(e.set))\nawait e.wait()\nawait t",
            "waiting_event",
            LINE + 2,
        )

    def test_a_condition(self) -> None:
        self.check(
            "c = asyncio.Condition()\nt = asyncio.create_task(give(c))\n"
            "async with c: await c.wait()\nawait t",
            "waiting_notify",
            LINE + 2,
        )

    def test_a_task(self) -> None:
        self.check("await asyncio.create_task(soon(int))", "waiting_task")

    def test_a_shielded_task(self) -> None:
        self.check("await asyncio.shield(soon(int))", "waiting_task")

    def test_several_tasks(self) -> None:
        self.check("await asyncio.gather(soon(int), soon(int))", "waiting_all")

    def test_a_group(self) -> None:
        self.check(
            "async with asyncio.TaskGroup() as group:\n    group.create_task(soon(int))",
            "waiting_all",
        )

    def test_a_wait_for_the_first(self) -> None:
        self.check("await asyncio.wait([asyncio.create_task(soon(int))])", "waiting_all")

    def test_as_completed(self) -> None:
        self.check("for first in asyncio.as_completed([soon(int)]): await first", "waiting_task")

    def test_a_future(self) -> None:
        self.check(
            "f = loop.create_future()\nloop.call_later(1, f.set_result, 1)\nawait f",
            "waiting_event",
            LINE + 2,
        )

    def test_work_on_a_thread(self) -> None:
        self.check("import time\nawait asyncio.to_thread(time.sleep, 1)", "offloaded", LINE + 1)

    def test_an_asynchronous_generator_is_followed_to_its_line(self) -> None:
        self.check("async for x in agen(): pass", "awaiting", 10)

    def test_an_awaitable_object_is_followed_to_its_line(self) -> None:
        self.check("await Later()", "awaiting", 14)

    def test_a_blocking_call(self) -> None:
        self.check("import time\ntime.sleep(1)", "blocking", LINE + 1)

    def test_a_ready_task_waits_since_it_was_due(self) -> None:
        body = "import time\nt = asyncio.create_task(asyncio.sleep(1))\nawait asyncio.sleep(0)\ntime.sleep(3)\nawait t"
        text = PRELUDE + "".join(f"    {line}\n" for line in body.splitlines())
        run = run_source(text + "asyncio.run(main())\n", "example.py")
        sleeper = next(i.number for i in run.watcher.instances if i.name == "sleep")
        ready = [r[0] for r in run.watcher.in_order() if r[1] == sleeper and r[2] == "ready"]
        self.assertEqual(ready, [0, 1_000_000_000])


class RealClock(unittest.TestCase):
    """The watcher knows nothing of the virtual clock."""

    @unittest.skipIf(sys.platform == "emscripten", "a browser has no selector")
    def test_a_real_loop_is_watched(self) -> None:
        async def child() -> None:
            await asyncio.sleep(0.01)

        async def main() -> None:
            await asyncio.gather(child(), child())

        program = Program(__file__, "")
        watcher = Watcher(program, time.monotonic_ns, every_step=True)
        loop = asyncio.SelectorEventLoop()
        watcher.watch_loop(loop)
        with watcher.watching():
            loop.run_until_complete(main())
        loop.close()
        outcomes = [(i.name, i.role, i.outcome) for i in watcher.instances[1:]]
        self.assertEqual(
            outcomes,
            [
                ("main", "arrived", "done"),
                ("child", "gathered", "done"),
                ("child", "gathered", "done"),
            ],
        )
        states = [record[2] for record in watcher.in_order() if record[1] == 2]
        self.assertEqual(states, ["ready", "running", "awaiting", "ready", "running", "done"])

    @unittest.skipIf(sys.version_info < (3, 12), "eager tasks are new in 3.12")
    def test_an_eager_task_runs_inside_its_creator(self) -> None:
        body = (
            "import time\nloop.set_task_factory(asyncio.eager_task_factory)\ntime.sleep(1)\n"
            "async def hold(): time.sleep(2)\n"
            "asyncio.create_task(hold())\ntime.sleep(3)"
        )
        text = PRELUDE + "".join(f"    {line}\n" for line in body.splitlines())
        run = run_source(text + "asyncio.run(main())\n", "example.py")
        states: dict[str, list[tuple[int, str]]] = {}
        for at_ns, number, state, *_ in run.watcher.in_order():
            states.setdefault(run.watcher.instances[number].name, []).append(
                (at_ns // 1_000_000_000, state)
            )
        self.assertEqual(
            states["main"],
            [(0, "ready"), (0, "blocking"), (1, "ready"), (3, "blocking"), (6, "done")],
        )
        self.assertEqual(states["hold"], [(1, "ready"), (1, "blocking"), (3, "done")])

    def test_everything_is_put_back(self) -> None:
        before = asyncio.events.Handle, time.sleep, open, asyncio.new_event_loop
        run_source("import time\ntime.sleep(1)\n", "example.py")
        self.assertEqual(before, (asyncio.events.Handle, time.sleep, open, asyncio.new_event_loop))


if __name__ == "__main__":
    unittest.main()
