"""The virtual machine: threads that run Python functions on a virtual clock.

There is one real thread. The *main thread* is the one that runs the program and its event
loop. A *virtual thread* runs its function in one go at the virtual time at which its thread
would start. The function's sleeping and computing are noted down as pieces, and the machine
then plays the pieces back against the clock, together with those of all other threads. What
the function printed, and what it handed to the event loop, happens when its turn in the
playback comes.

# What this leaves out

- Two functions on threads do not see each other's changes in the middle: the one that started
  first has run to its end before the other begins.
- Starting a thread or a process takes no time.
"""

import heapq
from collections import deque
from collections.abc import Callable
from contextvars import Context
from typing import Any

from .cores import Cores, Gil, Thread, VirtualThread
from .durations import WEEK, show
from .endings import LimitReached, Refused, Stop

EVENTS_MAX = 5_000_000
"""Of the machine, in one run: a few seconds of real time."""


class Machine(Cores):
    """Clock and threads of one run."""

    def __init__(self, cores: int = 4, time_limit_ns: int = WEEK) -> None:
        super().__init__(cores)
        self.time_limit_ns = time_limit_ns
        self.events = 0
        # How the limit is changed, for messages.
        self.time_hint = "; `--time-limit` changes it"
        # Changes whenever the program does something else than reading the clock.
        self.activity = 0
        # Of actions of the agenda that run now.
        self._depth = 0
        self.main = Thread(Gil(), lane=0)
        self.main.gil.holder = self.main
        self.main.on_core = True
        self.free_cores -= 1
        self.current: Thread = self.main
        # The first reason to stop. Everything that is asked of the machine later repeats it.
        self.stopped: Stop | None = None
        # Called when the main thread goes on after it held its thread or waited for another.
        self.went_on: Callable[[], None] = lambda: None
        # Called once, when the run has to stop: what the program does from then on, e.g. in
        # `finally`, would not happen in a real run.
        self.on_stop: Callable[[Stop], None] = lambda reason: None
        # Called around code on a thread, with the thread's instance.
        self.enter: Callable[[Any], Any] = lambda instance: None
        self.leave: Callable[[Any], None] = lambda token: None
        # Real nanoseconds of computing since the last call, when computing counts.
        self.measure: Callable[[], int] | None = None
        # Where the program is, for the places of pieces and for messages.
        self.place_of_caller: Callable[[], Any] = lambda: None

    # Asking for time

    def now(self) -> int:
        """The time as the code that runs now sees it."""
        return self.now_ns + self.current.ahead_ns

    def stop(self, reason: Stop) -> Stop:
        """Notes the reason if it is the first. Returns the exception to raise."""
        if self.stopped is None:
            self.stopped = reason
            self.on_stop(reason)
        return self.stopped

    def hold(self, state: str, ns: int, place: Any = None) -> None:
        """Spends time on the current thread, `running` or `blocking`."""
        if self.stopped is not None:
            raise self.stopped
        if place is None:
            place = self.place_of_caller() or self.current.place
        self.activity += 1
        self.charge(place)
        self._hold(state, ns, place)

    def tick(self, ns: int) -> None:
        """Computes a little because the program waits by reading the clock."""
        if self.stopped is not None:
            raise self.stopped
        self._hold("running", ns, self.place_of_caller() or self.current.place)

    def charge(self, place: Any = None) -> None:
        """What was computed since the last charge takes its real time, when computing counts."""
        if self.measure is not None and self.stopped is None:
            ns = self.measure()
            if ns > 0:
                self._hold("running", ns, place or self.current.place)
                # Advancing the machine is not the program's work.
                self.measure()

    def _hold(self, state: str, ns: int, place: Any) -> None:
        thread = self.current
        if state == "running":
            thread.computed_ns += ns
        if isinstance(thread, VirtualThread):
            thread.pieces.append((state, ns, place))
            thread.ahead_ns += ns
            if self.now_ns + thread.ahead_ns > self.time_limit_ns:
                raise self._too_late(place, "; a thread without an end cannot be run this way")
            return
        thread.place = place
        spend = self.compute if state == "running" else self.block
        self._main_until(lambda done: spend(thread, ns, done), place)
        self.went_on()

    def _main_until(self, begin: Callable[[Callable[[], None]], None], place: Any) -> None:
        """Begins something on the main thread and advances the clock until it is done."""
        is_done = False

        def done() -> None:
            nonlocal is_done
            is_done = True

        begin(done)
        while not is_done:
            self._next_event(place)

    def _main_goes_on(self, place: Any) -> None:
        """The main thread queues for its GIL and a core until it has both."""
        self._main_until(lambda done: self.compute(self.main, 0, done), place)

    def emit(self, action: Callable[[], None]) -> None:
        """Does it now, or, on a virtual thread, when its playback gets here."""
        thread = self.current
        if isinstance(thread, VirtualThread):
            thread.pieces.append(("do", action, None))
        else:
            action()

    def wait_until(self, is_over: Callable[[], bool], timeout_ns: int | None, what: str) -> bool:
        """Blocks the main thread until something has happened. False after the timeout."""
        if self.stopped is not None:
            raise self.stopped
        thread = self.current
        place = self.place_of_caller()
        if isinstance(thread, VirtualThread):
            raise self.stop(Refused(self.cannot_wait(what, place)))
        if is_over():
            return True
        thread.place = place
        self.observe(thread, "blocking", place)
        at_ns = None if timeout_ns is None else self.now_ns + timeout_ns
        if not self._release_until(at_ns, is_over, place):
            raise self.stop(Refused(f"{at(place)}{what} never happens: nothing else runs"))
        self.went_on()
        return is_over()

    @staticmethod
    def cannot_wait(what: str, place: Any) -> str:
        """The words for a function on a thread that needs another thread in the middle."""
        return (
            f"{at(place)}{what} is awaited inside a function on a thread. On the virtual clock "
            "such a function runs in one go and cannot wait for another thread. "
            "Run the program for real to see it."
        )

    def idle_until(self, at_ns: int | None, is_awake: Callable[[], bool]) -> bool:
        """The event loop's `select`: the main thread waits without work. False if nothing
        can ever wake it."""
        self.activity += 1
        if at_ns is not None and self._is_alone():
            # Nothing can happen before.
            self._move_clock(at_ns, None)
            self.main.gil.interval_start = self.main.core_since_ns = self.now_ns
            woken = True
        else:
            woken = self._release_until(at_ns, is_awake, None)
        if self.measure is not None:
            self.measure()
        return woken

    def _is_alone(self) -> bool:
        """Whether no other thread works, sleeps or waits for the main thread to give way."""
        return not (self.has_events() or self.main.gil.waiters or self.core_waiters)

    def _release_until(self, at_ns: int | None, is_over: Callable[[], bool], place: Any) -> bool:
        """The main thread gives its GIL up until something has happened or a time has come.
        False if nothing else can happen."""
        is_due = False
        timer = None
        if at_ns is not None:

            def on_due() -> None:
                nonlocal is_due
                is_due = True

            timer = self.schedule(at_ns, on_due)
        self.release(self.main)
        while not (is_due or is_over()):
            if not self.has_events():
                self.compute(self.main, 0, lambda: None)
                return False
            self._next_event(place)
        if timer is not None:
            timer.cancel()
        self._main_goes_on(place)
        return True

    # Threads

    def run_function(
        self,
        thread: VirtualThread,
        function: Callable[[], Any],
        finished: Callable[[Any, BaseException | None], None],
        is_idle: Callable[[], None] = lambda: None,
        begins: Callable[[], bool] = lambda: True,
        is_new: bool = False,
    ) -> None:
        """Lets a thread run the function. `finished` gets the result on the thread, when the
        playback comes to its end; then `is_idle` is called, and the thread can be used again.

        Python's `Thread.start` waits until a new thread has begun, so a new thread gets the
        GIL from the main thread at once. One that is used again has to wait for it.
        """

        def start() -> None:
            if begins():
                self.observe(thread, "running", None)
                result, error = self._execute(thread, function)
                thread.pieces.append(("call", lambda: finished(result, error), None))
            thread.pieces.append(("idle", is_idle, None))
            self._play(thread)

        if is_new and self.main.on_core and self._depth == 0:
            place = self.main.place
            self.release(self.main)
            self.compute(thread, 0, start)
            self._main_goes_on(place)
        else:
            # It needs the GIL before its first line runs.
            self.schedule(self.now(), lambda: self.compute(thread, 0, start))

    def _execute(
        self, thread: VirtualThread, function: Callable[[], Any]
    ) -> tuple[Any, BaseException | None]:
        """Runs code of a thread in one go; its pieces are then in the thread."""
        previous, self.current = self.current, thread
        self.activity += 1
        thread.ahead_ns = 0
        token = self.enter(thread.instance)
        if self.measure is not None:
            self.measure()
        try:
            try:
                return Context().run(function), None
            finally:
                self.charge()
        except Stop:
            raise
        except BaseException as error:
            # Without the frame of this function, which is no line of the program.
            return None, error.with_traceback(error.__traceback__.tb_next)
        finally:
            self.leave(token)
            self.current = previous
            thread.ahead_ns = 0

    def _play(self, thread: VirtualThread) -> None:
        """Plays pieces until one takes time. The thread holds its GIL and a core."""
        while thread.pieces:
            kind, value, place = thread.pieces.popleft()
            thread.place = place if place is not None else thread.place
            if kind == "running":
                self.compute(thread, value, lambda: self._play(thread))
                return
            if kind == "blocking":
                self.block(thread, value, lambda: self._play(thread))
                return
            if kind == "lock":
                if value.play_acquire(thread):
                    continue
                self.observe(thread, "blocking", place)
                self.release(thread)
                return
            if kind == "call":
                # Callbacks of a future may themselves sleep or compute on the thread.
                rest, thread.pieces = thread.pieces, deque()
                self._execute(thread, value)
                thread.pieces.extend(rest)
                continue
            if kind == "idle":
                self.release(thread)
            token = self.enter(thread.instance)
            try:
                value()
            finally:
                self.leave(token)

    def resume(self, thread: VirtualThread) -> None:
        """Lets a thread go on that waited for a lock."""
        self.schedule(self.now_ns, lambda: self.compute(thread, 0, lambda: self._play(thread)))

    # Time passes

    def _next_event(self, place: Any) -> None:
        if not self.has_events():
            raise self.stop(Refused(f"{at(place)}the program waits for a thread that cannot go on"))
        event = heapq.heappop(self.agenda)
        self._move_clock(event.at_ns, place)
        self._depth += 1
        try:
            event.action()
        finally:
            self._depth -= 1

    def _move_clock(self, at_ns: int, place: Any) -> None:
        self.events += 1
        if self.events > EVENTS_MAX:
            words = f"the program's threads took turns {EVENTS_MAX:,} times, the limit"
            raise self.stop(LimitReached(words))
        if at_ns > self.time_limit_ns:
            self.now_ns = self.time_limit_ns
            raise self._too_late(place)
        self.now_ns = max(self.now_ns, at_ns)

    def _too_late(self, place: Any, hint: str | None = None) -> Stop:
        limit = show(self.time_limit_ns)
        hint = self.time_hint if hint is None else hint
        return self.stop(
            LimitReached(
                f"{at(place)}the program still runs after {limit} of its own time, the limit{hint}"
            )
        )

    def run_to_end(self) -> None:
        """Plays what threads still do after the program's last line."""
        self.release(self.main)
        while self.has_events():
            self._next_event(None)


def at(place: Any) -> str:
    """The beginning of a message: `line 12: `, or nothing if the place is not known."""
    return f"line {place[1]}: " if place else ""
