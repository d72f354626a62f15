"""An asyncio event loop whose clock is virtual, and what it saw of a program.

CPython's own asyncio decides everything: which handle runs next, who is woken,
cancelled, timed out. Only three things are replaced, from outside, so that the
program under test is the one that was exported, to the letter:

- the selector: where a real one would sleep, it moves the clock;
- `burn` and `time.sleep` in the program's globals: they move the clock;
- `print` and `respond` in the program's globals: they record.

The clock. Every reading is one nanosecond later than the one before, as no two
readings of a real clock agree: timers with equal deadlines on paper then fall
due in the order of their creation. When the selector moves the clock it rounds
down to whole milliseconds, so that timers which are due together come up in one
iteration, as they do where `epoll` rounds to milliseconds. What is recorded is
the time without those nanoseconds.

The accidents. CPython keeps some tasks in sets, whose order is that of
addresses: the children a `TaskGroup` cancels, and the tasks `asyncio.run`
cancels at its end. Here both are in order of creation, which is one of the
orders a real run can show.
"""

import asyncio
import asyncio.taskgroups
import selectors

from watch import Record

GRID_NS = 1_000_000
READINGS_MAX = GRID_NS // 2
"""More readings than this, and the nanoseconds could add up to real time."""


class Deadlock(BaseException):
    """Nothing is ready, no timer runs, and somebody waits."""


class Limit(BaseException):
    """The program goes on and on without letting time pass."""


class Clock:
    """Nominal time in whole milliseconds, plus a nanosecond for each reading."""

    def __init__(self):
        self.nominal_ns = 0
        self.readings = 0

    @property
    def last_reading_ns(self):
        return self.nominal_ns + self.readings

    def read(self):
        self.readings += 1
        if self.readings > READINGS_MAX:
            raise Limit
        return self.last_reading_ns / 1e9

    def spend(self, seconds):
        """Computing or blocking: the loop's thread is held meanwhile."""
        length_ns = round(seconds * 1e9)
        assert length_ns % GRID_NS == 0, f"{seconds} is finer than the clock's grid"
        self.nominal_ns += length_ns

    def move_on(self, seconds):
        """The selector's sleep."""
        due_ns = self.last_reading_ns + round(seconds * 1e9)
        self.nominal_ns = max(self.nominal_ns, due_ns // GRID_NS * GRID_NS)


class ClockSelector(selectors._BaseSelectorImpl):
    """Has no files to watch; instead of sleeping it moves the clock."""

    def __init__(self, clock):
        super().__init__()
        self.clock = clock

    def select(self, timeout=None):
        if timeout is None:
            raise Deadlock
        if timeout > 0:
            self.clock.move_on(timeout)
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """CPython's selector loop on the virtual clock, with watched tasks."""

    def __init__(self, filename):
        self.clock = Clock()
        self.record = Record(filename, lambda: self.clock.nominal_ns)
        super().__init__(ClockSelector(self.clock))
        self.set_task_factory(self.record.task_factory)
        self.set_exception_handler(lambda loop, context: None)

    def time(self):
        return self.clock.read()

    # Nothing arrives from outside, so there is no pipe to wake the loop with.

    def _make_self_pipe(self):
        self._ssock = self._csock = None
        self._internal_fds += 1

    def _close_self_pipe(self):
        self._internal_fds -= 1


class VirtualTime:
    """Stands in for the program's `time` module."""

    def __init__(self, clock):
        self.sleep = clock.spend


class CreationOrder(dict):
    """What a `TaskGroup` keeps its tasks in: a set in order of creation."""

    add = dict.setdefault

    def discard(self, item):
        self.pop(item, None)


def unfinished_tasks(loop=None):
    """`asyncio.all_tasks` in order of creation."""
    loop = loop or asyncio.get_running_loop()
    return [task for task in loop.record.created if not task.done()]


asyncio.taskgroups.set = CreationOrder
asyncio.tasks.all_tasks = unfinished_tasks


def observe(source, filename):
    """Runs a program to its end; what it did, and how it was over."""
    program = {"__name__": "program"}
    exec(compile(source, filename, "exec"), program)
    loop = VirtualLoop(filename)
    program["time"] = VirtualTime(loop.clock)
    program["burn"] = loop.clock.spend
    program["print"] = loop.record.print
    program["respond"] = loop.record.respond
    ending, waiting = "finished", []
    try:
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            try:
                runner.run(program["main"]())
            except (Deadlock, Limit) as over:
                ending, waiting = type(over).__name__.lower(), loop.record.unfinished()
                loop.record.open = False
                raise
    except (Deadlock, Limit) as over:
        if loop.record.open:
            ending, waiting = type(over).__name__.lower(), loop.record.unfinished()
    loop.record.open = False
    return {"events": loop.record.events, "ending": ending, "waiting": waiting}
