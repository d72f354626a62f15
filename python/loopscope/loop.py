"""An asyncio event loop on the virtual clock.

CPython's own selector loop decides everything: which handle runs next, what is woken,
cancelled, timed out. Only the selector is replaced: where a real one sleeps, this one lets
the machine's clock move. A run needs no waiting, no stack switching and no threads, so it
works in a browser as well.

Two timers with the same deadline fire in the order of their creation, as they would on a
clock whose every reading is later than the one before.
"""

import asyncio
import asyncio.base_events
import heapq
import itertools
import math
import selectors
from collections.abc import Callable
from typing import Any

from .cores import VirtualThread
from .durations import SECOND, WEEK
from .endings import Deadlock, Refused
from .machine import Machine, at
from .watcher import Watcher

LONGEST_SLEEP = 1_000_000 * WEEK / SECOND
"""Seconds; a deadline beyond it is as good as never."""


SEQUENCE_BITS = 40
"""A run has fewer than 2⁴⁰ timers."""

_run_handle = asyncio.Handle._run


class Timer(asyncio.TimerHandle):
    """A timer that is ordered by its deadline, then by its creation."""

    # `key` is the deadline in nanoseconds, then the sequence number: one number, because the
    # heap compares timers all the time. Not the float: 0.1 + 0.2 and 0.3 are one deadline.
    __slots__ = ("due_ns", "key")

    def __lt__(self, other: Any) -> bool:
        return self.key < other.key

    def _run(self) -> None:
        watcher = self._loop.watcher
        watcher.due_ns = self.due_ns
        _run_handle(self)
        watcher.due_ns = None


class ClockSelector(selectors._BaseSelectorImpl):
    """Watches no files. Instead of sleeping it moves the clock."""

    def __init__(self, select: Callable[[float | None], None], refuse: Callable[[], None]) -> None:
        super().__init__()
        self._select = select
        self._refuse = refuse

    def register(self, fileobj: Any, events: int, data: Any = None) -> Any:
        self._refuse()
        return super().register(fileobj, events, data)

    def select(self, timeout: float | None = None) -> list:
        self._select(timeout)
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """CPython's selector loop on the machine's clock."""

    def __init__(self, machine: Machine, watcher: Watcher) -> None:
        self.machine = machine
        self.watcher = watcher
        self._timers = itertools.count()
        # Functions on threads whose results this loop will get.
        self.errors: list[dict[str, Any]] = []
        super().__init__(ClockSelector(self._idle, self._refuse_file))
        self._clock_resolution = 1e-9
        watcher.watch_loop(self)
        self.set_exception_handler(None)

    def time(self) -> float:
        return self.machine.now() / SECOND

    def call_at(self, when: float, callback: Any, *args: Any, context: Any = None) -> Any:
        if when is None:
            raise TypeError("when cannot be None")
        self._check_closed()
        # A deadline that is not a number would break the order of all others.
        when = min(float(when), LONGEST_SLEEP) if when == when else self.time()
        timer = Timer(when, callback, args, self, context)
        timer.due_ns = due_ns = round(when * SECOND)
        timer.key = (due_ns << SEQUENCE_BITS) + next(self._timers)
        heapq.heappush(self._scheduled, timer)
        timer._scheduled = True
        return timer

    def _idle(self, timeout: float | None) -> None:
        """The selector's sleep. `None` is for ever, 0 is none."""
        machine = self.machine
        if machine.stopped is not None:
            raise machine.stopped
        if timeout is not None and timeout <= 0:
            return
        due_ns = None
        if self._scheduled and timeout is not None:
            due_ns = self._scheduled[0].due_ns
            # A float near the end of its precision must not keep the timer from being due.
            self._clock_resolution = max(1e-9, 2 * math.ulp(self._scheduled[0]._when))
        if isinstance(machine.current, VirtualThread):
            self._idle_on_thread(due_ns)
            return
        if not machine.idle_until(due_ns, lambda: bool(self._ready)):
            raise machine.stop(Deadlock())

    def _idle_on_thread(self, due_ns: int | None) -> None:
        """A loop inside a function on a thread: its sleep is a piece of the function."""
        machine = self.machine
        if due_ns is None:
            # `Thread(target=loop.run_forever)` has no line of the program: then where it started.
            place = machine.place_of_caller() or machine.current.place
            words = "work on another thread"
            raise machine.stop(Refused(machine.cannot_wait(words, place)))
        machine.hold("blocking", max(0, due_ns - machine.now()))

    # Nothing arrives from outside, so there is no pipe to wake the loop with.

    def _make_self_pipe(self) -> None:
        self._ssock = self._csock = None
        self._internal_fds += 1

    def _close_self_pipe(self) -> None:
        self._internal_fds -= 1

    def _refuse_file(self) -> None:
        place = self.machine.place_of_caller()
        raise self.machine.stop(
            Refused(
                f"{at(place)}the program waits for a socket, a pipe or a file. On the virtual "
                "clock nothing comes from outside; use a stand-in, or run it for real."
            )
        )

    async def _refuse_connection(self, *args: Any, **options: Any) -> Any:
        self._refuse_file()

    create_connection = create_server = create_datagram_endpoint = _refuse_connection
    create_unix_connection = create_unix_server = _refuse_connection
    connect_read_pipe = connect_write_pipe = _refuse_connection
    subprocess_exec = subprocess_shell = _refuse_connection
    getaddrinfo = getnameinfo = sock_connect = sock_accept = _refuse_connection

    def add_signal_handler(self, sig: Any, callback: Any, *args: Any) -> None:
        """Signals never arrive on the virtual clock; programs often ask for them at start."""

    def remove_signal_handler(self, sig: Any) -> bool:
        return False

    def call_soon_threadsafe(self, callback: Any, *args: Any, context: Any = None) -> Any:
        machine = self.machine
        if not isinstance(machine.current, VirtualThread) or machine.stopped is not None:
            return super().call_soon_threadsafe(callback, *args, context=context)
        # From inside a function on a thread: when its playback gets to this point.
        handle = asyncio.Handle(callback, args, self, context)
        machine.emit(lambda: None if self.is_closed() else self._append(handle))
        return handle

    def _append(self, handle: Any) -> None:
        self._ready.append(handle)

    def run_in_executor(self, executor: Any, function: Any, *args: Any) -> Any:
        future = super().run_in_executor(executor, function, *args)
        self.watcher.waits.offloads[future] = "offloaded"
        future.add_done_callback(self._forget_offload)
        return future

    def _forget_offload(self, future: asyncio.Future) -> None:
        self.watcher.waits.offloads.pop(future, None)

    async def shutdown_default_executor(self, timeout: float | None = None) -> None:
        """The original waits on a thread of its own; here the pool itself says when it is idle."""
        self._executor_shutdown_called = True
        executor = self._default_executor
        if executor is None:
            return
        executor.shutdown(wait=False)
        idle = self.create_future()
        executor.when_idle(lambda: idle.done() or idle.set_result(None))
        await idle
