"""An asyncio event loop on the virtual clock.

CPython's own selector loop decides everything: which handle runs next, what is woken,
cancelled, timed out. Only the selector is replaced: where a real one sleeps, this one lets
the machine's clock move, and it hands over the timers that are due. A run needs no waiting, no
stack switching and no threads, so it works in a browser as well.

Two timers with the same deadline fire in the order of their creation, as they would on a
clock whose every reading is later than the one before.
"""

import asyncio
import asyncio.base_events
import asyncio.events
import functools
import heapq
import selectors
from collections import deque
from collections.abc import Callable
from typing import Any

from .cores import VirtualThread
from .durations import SECOND, WEEK
from .endings import Deadlock, Refused
from .machine import Machine, at
from .watcher import Watcher

LONGEST_SLEEP = 1_000_000 * WEEK / SECOND
"""Seconds; a deadline beyond it is as good as never."""

CANCELLED_MAX = 100
"""More cancelled timers than this, and more than half of all, are removed before they are due."""

_init_handle, _run_handle = asyncio.Handle.__init__, asyncio.Handle._run
_cancel_handle = asyncio.Handle.cancel


class Timer(asyncio.TimerHandle):
    """A callback for later."""

    __slots__ = ("due_ns",)

    def __init__(
        self, when: float, due_ns: int, callback: Any, args: Any, loop: Any, context: Any
    ) -> None:
        _init_handle(self, callback, args, loop, context)
        self._when = when
        self._scheduled = True
        self.due_ns = due_ns

    def cancel(self) -> None:
        if self._scheduled and not self._cancelled:
            self._loop.timers.on_cancel()
        _cancel_handle(self)

    def _run(self) -> None:
        watcher = self._loop.watcher
        watcher.due_ns = self.due_ns
        _run_handle(self)
        watcher.due_ns = None


class Timers:
    """The timers of a loop by their deadlines in whole nanoseconds: 0.1 + 0.2 and 0.3 are one."""

    def __init__(self) -> None:
        # In the order of their creation. Many tasks sleep equally long, so there are fewer
        # deadlines than timers.
        self._by_deadline: dict[int, deque[Timer]] = {}
        # A heap.
        self._deadlines: list[int] = []
        self._count = 0
        self._cancelled_count = 0

    def add(self, timer: Timer) -> None:
        self._count += 1
        due_ns = timer.due_ns
        others = self._by_deadline.get(due_ns)
        if others is not None:
            others.append(timer)
        else:
            self._by_deadline[due_ns] = deque([timer])
            heapq.heappush(self._deadlines, due_ns)

    def next_deadline(self) -> int | None:
        """The earliest one of a timer that is not cancelled."""
        while self._deadlines:
            due_ns = self._deadlines[0]
            timers = self._by_deadline[due_ns]
            while timers and timers[0]._cancelled:
                timers.popleft()
                self._count -= 1
                self._cancelled_count -= 1
            if timers:
                return due_ns
            del self._by_deadline[due_ns]
            heapq.heappop(self._deadlines)
        return None

    def take_due(self, now_ns: int) -> list[Timer]:
        """Removes the timers that are due and not cancelled, the earliest first."""
        due: list[Timer] = []
        while self._deadlines and self._deadlines[0] <= now_ns:
            timers = self._by_deadline.pop(heapq.heappop(self._deadlines))
            self._count -= len(timers)
            for timer in timers:
                if timer._cancelled:
                    self._cancelled_count -= 1
                else:
                    timer._scheduled = False
                    due.append(timer)
        return due

    def on_cancel(self) -> None:
        self._cancelled_count += 1
        if CANCELLED_MAX < self._cancelled_count > self._count // 2:
            self._drop_cancelled()

    def _drop_cancelled(self) -> None:
        timers = [timer for timers in self._by_deadline.values() for timer in timers]
        self.__init__()
        for timer in timers:
            if not timer._cancelled:
                self.add(timer)


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
        # asyncio's own heap of timers stays empty.
        self.timers = Timers()
        super().__init__(ClockSelector(self._select, self._refuse_file))
        watcher.watch_loop(self)
        self.set_exception_handler(None)
        # Each future asks for these, so they are functions in C.
        self.create_future = functools.partial(asyncio.Future, loop=self)
        self.set_debug(self._debug)

    def set_debug(self, enabled: bool) -> None:
        super().set_debug(enabled)
        # `bool()` is False.
        self.get_debug = super().get_debug if enabled else bool

    def time(self) -> float:
        machine = self.machine
        return (machine.now_ns + machine.current.ahead_ns) / SECOND

    def call_soon(self, callback: Any, *args: Any, context: Any = None) -> Any:
        if self._closed or self._debug:
            return super().call_soon(callback, *args, context=context)
        # The same without its checks and its functions on the way: each step passes here.
        handle = asyncio.events.Handle(callback, args, self, context)
        self._ready.append(handle)
        return handle

    def call_later(
        self, delay: float, callback: Any, *args: Any, context: Any = None
    ) -> asyncio.TimerHandle:
        if delay is None:
            raise TypeError("delay must not be None")
        return self._add_timer(self.time() + delay, callback, args, context)

    def call_at(
        self, when: float, callback: Any, *args: Any, context: Any = None
    ) -> asyncio.TimerHandle:
        if when is None:
            raise TypeError("when cannot be None")
        return self._add_timer(float(when), callback, args, context)

    def _add_timer(self, when: float, callback: Any, args: Any, context: Any) -> Timer:
        if self._closed:
            self._check_closed()
        if not when < LONGEST_SLEEP:
            # A deadline that is not a number would break the order of all others.
            when = LONGEST_SLEEP if when == when else self.time()
        timer = Timer(when, round(when * SECOND), callback, args, self, context)
        self.timers.add(timer)
        return timer

    def close(self) -> None:
        super().close()
        self.timers = Timers()

    def _select(self, timeout: float | None) -> None:
        """The selector's sleep, and the timers after it. `None` is until something happens, 0 is
        none. asyncio runs what is in `_ready` then, as if it had taken the timers itself."""
        machine = self.machine
        if machine.stopped is not None:
            raise machine.stopped
        if timeout is None:
            due_ns = self.timers.next_deadline()
            if isinstance(machine.current, VirtualThread):
                self._idle_on_thread(due_ns)
            elif not machine.idle_until(due_ns, lambda: bool(self._ready)):
                raise machine.stop(Deadlock())
        due = self.timers.take_due(machine.now())
        if due:
            self._ready.extend(due)

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
