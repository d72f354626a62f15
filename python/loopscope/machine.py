"""The virtual machine: a clock, threads, their GILs and the cores they share.

There is one real thread. The *main thread* is the one that runs the program and its event
loop. A *virtual thread* runs its function in one go at the virtual time at which its thread
would start. The function's sleeping and computing are noted down as pieces, and the machine
then plays the pieces back against the clock, together with those of all other threads. What
the function printed, and what it handed to the event loop, happens when its turn in the
playback comes.

Scheduling follows the simulator (crates/sim/src/threads.rs): a thread takes the GIL of its
process first, then a core; a holder gives the GIL up after 5 ms if another thread waits, and
a core after 3 ms.

# What this leaves out

- Two functions on threads do not see each other's changes in the middle: the one that started
  first has run to its end before the other begins.
- Starting a thread or a process takes no time.
"""

import heapq
import itertools
from collections import deque
from collections.abc import Callable
from contextvars import Context
from typing import Any

from .durations import MILLISECOND, WEEK, show
from .endings import LimitReached, Refused, Stop

SWITCH_NS = 5 * MILLISECOND
"""CPython's switch interval."""

CORE_SLICE_NS = 3 * MILLISECOND
"""How long a thread keeps a core for which others wait; Linux gives about this much."""

ROUNDS_MIN = 2_000
"""Turns of a long computation are merged until about this many rounds remain."""

EVENTS_MAX = 5_000_000
"""Of the machine, in one run: a few seconds of real time."""


class Event:
    """An entry of the agenda. A cancelled one is skipped and moves no clock."""

    __slots__ = ("at_ns", "sequence", "action")

    def __init__(self, at_ns: int, sequence: int, action: Callable[[], None] | None) -> None:
        self.at_ns = at_ns
        self.sequence = sequence
        self.action = action

    def __lt__(self, other: "Event") -> bool:
        return (self.at_ns, self.sequence) < (other.at_ns, other.sequence)

    def cancel(self) -> None:
        self.action = None


class Gil:
    """The global interpreter lock of one process."""

    def __init__(self) -> None:
        self.holder: "Thread | None" = None
        self.waiters: deque[Thread] = deque()
        self.interval_start = 0


class Thread:
    """A thread of the machine: something that computes, blocks, and needs a GIL and a core."""

    def __init__(self, gil: Gil, lane: int, instance: Any = None) -> None:
        self.gil = gil
        self.lane = lane
        self.instance = instance
        self.place: Any = None
        # Whether it holds its GIL and a core.
        self.on_core = False
        self.computing = False
        self.remaining_ns = 0
        self.since_ns = 0
        self.core_since_ns = 0
        # The planned end of its computing, or of its turn.
        self.check: Event | None = None
        self.then: Callable[[], None] = lambda: None


class VirtualThread(Thread):
    """A thread that runs one function at a time; see the module's text."""

    def __init__(self, gil: Gil, lane: int, name: str = "") -> None:
        super().__init__(gil, lane)
        self.name = name
        self.pieces: deque[tuple] = deque()
        # The length of the pieces so far: where the running function's own clock is.
        self.ahead_ns = 0
        # What its function must not wait for; see `Machine.wait_until`.
        self.python_thread: Any = None


class Machine:
    """Clock and threads of one run."""

    def __init__(self, cores: int = 4, time_limit_ns: int = WEEK) -> None:
        self.now_ns = 0
        self.time_limit_ns = time_limit_ns
        self.free_cores = cores
        self.core_waiters: deque[Thread] = deque()
        # The threads that compute now, in the order in which they began.
        self.computing: dict[Thread, None] = {}
        self.agenda: list[Event] = []
        self.sequence = itertools.count()
        self.events = 0
        # Of actions of the agenda that run now.
        self._depth = 0
        self.main = Thread(Gil(), lane=0)
        self.main.gil.holder = self.main
        self.main.on_core = True
        self.free_cores -= 1
        self.current: Thread = self.main
        # The first reason to stop. Everything that is asked of the machine later repeats it.
        self.stopped: Stop | None = None
        # Called with (thread, state, place) when a thread enters a state.
        self.observe: Callable[[Thread, str, Any], None] = lambda thread, state, place: None
        # Called when the main thread goes on after it held its thread or waited for another.
        self.went_on: Callable[[], None] = lambda: None
        # Called once, when the run has to stop: what the program does from then on, e.g. in
        # `finally`, would not happen in a real run.
        self.on_stop: Callable[[Stop], None] = lambda reason: None
        # Called around a thread's function with its instance.
        self.enter: Callable[[Any], Any] = lambda instance: None
        self.leave: Callable[[Any], None] = lambda token: None
        # Real nanoseconds of computing since the last call, when computing counts.
        self.measure: Callable[[], int] | None = None
        # Where the program is, for the places of pieces and for messages.
        self.place_of_caller: Callable[[], Any] = lambda: None

    # Asking for time

    def now(self) -> int:
        """The time as the code that runs now sees it."""
        thread = self.current
        return self.now_ns + thread.ahead_ns if isinstance(thread, VirtualThread) else self.now_ns

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
        self.charge(place)
        self._hold(state, ns, place)

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
        if isinstance(thread, VirtualThread):
            thread.pieces.append((state, ns, place))
            thread.ahead_ns += ns
            if self.now_ns + thread.ahead_ns > self.time_limit_ns:
                raise self._too_late(place)
            return
        thread.place = place
        over = False

        def done() -> None:
            nonlocal over
            over = True

        if state == "running":
            self._compute(thread, ns, done)
        else:
            self._block(thread, ns, done)
        while not over:
            self._next_event(place)
        self.went_on()

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
        timed_out = over = False
        timer = None
        if timeout_ns is not None:

            def on_timeout() -> None:
                nonlocal timed_out
                timed_out = True

            timer = self.schedule(self.now_ns + timeout_ns, on_timeout)
        thread.place = place
        self.observe(thread, "blocking", place)
        self._release(thread)
        while not (is_over() or timed_out):
            if not self.has_events():
                raise self.stop(Refused(f"{at(place)}{what} never happens: nothing else runs"))
            self._next_event(place)
        if timer is not None:
            timer.cancel()

        def done() -> None:
            nonlocal over
            over = True

        self._compute(thread, 0, done)
        while not over:
            self._next_event(place)
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
        thread = self.main
        due = False
        timer = None
        if at_ns is not None:

            def on_due() -> None:
                nonlocal due
                due = True

            timer = self.schedule(at_ns, on_due)
        self._release(thread)
        while not (due or is_awake()):
            if not self.has_events():
                self._compute(thread, 0, lambda: None)
                return False
            self._next_event(None)
        if timer is not None:
            timer.cancel()
        over = False

        def done() -> None:
            nonlocal over
            over = True

        self._compute(thread, 0, done)
        while not over:
            self._next_event(None)
        if self.measure is not None:
            self.measure()
        return True

    # Threads

    def run_function(
        self,
        thread: VirtualThread,
        function: Callable[[], Any],
        finished: Callable[[Any, BaseException | None], None],
        begins: Callable[[], bool] = lambda: True,
        is_new: bool = False,
    ) -> None:
        """Lets a thread run the function; `finished` gets its result when the playback ends.

        Python's `Thread.start` waits until a new thread has begun, so a new thread gets the
        GIL from the main thread at once. One that is used again has to wait for it.
        """

        def start() -> None:
            if not begins():
                self._release(thread)
                finished(None, None)
                return
            self.observe(thread, "running", None)
            result, error = self._execute(thread, function)
            thread.pieces.append(("end", lambda: finished(result, error), None))
            self._play(thread)

        if is_new and self.main.on_core and self._depth == 0:
            self._hand_over(lambda: self._compute(thread, 0, start))
        else:
            # It needs the GIL before its first line runs.
            self.schedule(self.now(), lambda: self._compute(thread, 0, start))

    def _hand_over(self, start: Callable[[], None]) -> None:
        """The main thread lets a new thread go first, and queues for the GIL behind it."""
        main, place = self.main, self.main.place
        over = False

        def done() -> None:
            nonlocal over
            over = True

        self._release(main)
        start()
        self._compute(main, 0, done)
        while not over:
            self._next_event(place)

    def _execute(
        self, thread: VirtualThread, function: Callable[[], Any]
    ) -> tuple[Any, BaseException | None]:
        previous, self.current = self.current, thread
        thread.pieces.clear()
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
            return None, error
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
                self._compute(thread, value, lambda: self._play(thread))
                return
            if kind == "blocking":
                self._block(thread, value, lambda: self._play(thread))
                return
            if kind == "lock":
                if value.play_acquire(thread):
                    continue
                self.observe(thread, "blocking", place)
                self._release(thread)
                return
            if kind == "end":
                self._release(thread)
            token = self.enter(thread.instance)
            try:
                value()
            finally:
                self.leave(token)

    def resume(self, thread: VirtualThread) -> None:
        """Lets a thread go on that waited for a lock."""
        self.schedule(self.now_ns, lambda: self._compute(thread, 0, lambda: self._play(thread)))

    # Time passes

    def schedule(self, at_ns: int, action: Callable[[], None]) -> Event:
        event = Event(at_ns, next(self.sequence), action)
        heapq.heappush(self.agenda, event)
        return event

    def has_events(self) -> bool:
        while self.agenda and self.agenda[0].action is None:
            heapq.heappop(self.agenda)
        return bool(self.agenda)

    def _next_event(self, place: Any) -> None:
        self.events += 1
        if self.events > EVENTS_MAX:
            words = f"the program's threads took turns {EVENTS_MAX:,} times, the most that is counted"
            raise self.stop(LimitReached(words))
        event = heapq.heappop(self.agenda)
        action = event.action
        if action is None:
            return
        if event.at_ns > self.time_limit_ns:
            self.now_ns = self.time_limit_ns
            raise self._too_late(place)
        self.now_ns = max(self.now_ns, event.at_ns)
        self._depth += 1
        try:
            action()
        finally:
            self._depth -= 1

    def _too_late(self, place: Any) -> Stop:
        limit = show(self.time_limit_ns)
        return self.stop(
            LimitReached(
                f"{at(place)}the program still runs after {limit} of its own time, the limit; "
                "`--time-limit` changes it"
            )
        )

    def run_to_end(self) -> None:
        """Plays what threads still do after the program's last line."""
        self._release(self.main)
        while self.has_events():
            self._next_event(None)

    def _block(self, thread: Thread, ns: int, then: Callable[[], None]) -> None:
        self.observe(thread, "blocking", thread.place)
        self._release(thread)
        self.schedule(self.now_ns + ns, lambda: self._compute(thread, 0, then))

    def _compute(self, thread: Thread, ns: int, then: Callable[[], None]) -> None:
        """Lets the thread compute; it still holds its GIL and a core when `then` is called."""
        thread.remaining_ns = ns
        thread.then = then
        if thread.on_core:
            self._begin(thread)
        else:
            self._want_gil(thread)

    def _want_gil(self, thread: Thread) -> None:
        gil = thread.gil
        if gil.holder is None:
            gil.holder = thread
            gil.interval_start = self.now_ns
            self._want_core(thread)
            return
        if not gil.waiters:
            gil.interval_start = self.now_ns
        gil.waiters.append(thread)
        if thread.remaining_ns:
            self.observe(thread, "queued_gil", thread.place)
        self._replan(gil.holder)

    def _want_core(self, thread: Thread) -> None:
        if self.free_cores:
            self.free_cores -= 1
            self._take_core(thread)
            return
        self.core_waiters.append(thread)
        if thread.remaining_ns:
            self.observe(thread, "queued_core", thread.place)
        for other in list(self.computing):
            self._replan(other)

    def _take_core(self, thread: Thread) -> None:
        thread.on_core = True
        thread.core_since_ns = self.now_ns
        self._begin(thread)

    def _begin(self, thread: Thread) -> None:
        if thread.remaining_ns <= 0:
            thread.then()
            return
        self.observe(thread, "running", thread.place)
        thread.since_ns = self.now_ns
        thread.computing = True
        self.computing[thread] = None
        self._plan(thread)

    def _plan(self, thread: Thread) -> None:
        end_ns = self.now_ns + thread.remaining_ns
        if thread.gil.waiters:
            turn_ns = SWITCH_NS * self._intervals_per_turn(thread)
            start_ns = max(thread.gil.interval_start, thread.core_since_ns)
            end_ns = min(end_ns, max(self.now_ns, start_ns + turn_ns))
        if self.core_waiters:
            end_ns = min(end_ns, max(self.now_ns, thread.core_since_ns + CORE_SLICE_NS))
        if thread.check is not None:
            thread.check.cancel()
        thread.check = self.schedule(end_ns, lambda: self._check(thread))

    def _intervals_per_turn(self, thread: Thread) -> int:
        """Long turn-taking among computing threads is merged; a waiter with nothing to compute
        gets its turn after one interval."""
        contenders = [thread, *thread.gil.waiters]
        shortest_ns = min(contender.remaining_ns for contender in contenders)
        return max(1, shortest_ns // SWITCH_NS // ROUNDS_MIN)

    def _replan(self, thread: Thread) -> None:
        if thread.computing:
            self._account(thread)
            self._plan(thread)

    def _account(self, thread: Thread) -> None:
        thread.remaining_ns -= self.now_ns - thread.since_ns
        thread.since_ns = self.now_ns

    def _check(self, thread: Thread) -> None:
        thread.check = None
        self._account(thread)
        if thread.remaining_ns > 0 and not thread.gil.waiters and not self.core_waiters:
            self._plan(thread)
            return
        thread.computing = False
        self.computing.pop(thread, None)
        if thread.remaining_ns <= 0:
            thread.then()
            return
        # Another thread's turn: this one queues behind all others.
        self._release(thread)
        self._want_gil(thread)

    def _release(self, thread: Thread) -> None:
        """Gives up core and GIL to those that wait for them."""
        if not thread.on_core:
            return
        thread.on_core = False
        self.free_cores += 1
        gil = thread.gil
        gil.holder = None
        gil.interval_start = self.now_ns
        next_holder = gil.waiters.popleft() if gil.waiters else None
        if next_holder is not None:
            gil.holder = next_holder
        waits_longest = self.core_waiters.popleft() if self.core_waiters else None
        if waits_longest is not None:
            self.free_cores -= 1
            self._take_core(waits_longest)
        if next_holder is not None:
            self._want_core(next_holder)


def at(place: Any) -> str:
    """The beginning of a message: `line 12: `, or nothing if the place is not known."""
    return f"line {place[1]}: " if place else ""
