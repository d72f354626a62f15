"""The virtual machine's clock, its agenda, and how threads get a GIL and a core.

Knows nothing of Python functions: a thread computes or blocks for a length, and then an action
follows. Which code a thread runs is decided in `machine.py`.

Scheduling follows the simulator (crates/sim/src/threads.rs): a thread takes the GIL of its
process first, then a core; a holder gives the GIL up after 5 ms if another thread waits, and
a core after 3 ms.
"""

import heapq
import itertools
from collections import deque
from collections.abc import Callable
from typing import Any

from .durations import MILLISECOND

SWITCH_NS = 5 * MILLISECOND
"""CPython's switch interval."""

CORE_SLICE_NS = 3 * MILLISECOND
"""How long a thread keeps a core for which others wait; Linux gives about this much."""

ROUNDS_MIN = 2_000
"""Turns of a long computation are merged until about this many rounds remain."""


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
        # CPU time that the program was told to have used on this thread.
        self.computed_ns = 0
        # How far the code that runs on it is ahead of the clock; see `VirtualThread`.
        self.ahead_ns = 0
        self.since_ns = 0
        self.core_since_ns = 0
        # The planned end of its computing, or of its turn.
        self.check: Event | None = None
        self.then: Callable[[], None] = lambda: None


class VirtualThread(Thread):
    """A thread that runs one function at a time; see `machine.py`."""

    def __init__(self, gil: Gil, lane: int, name: str = "") -> None:
        super().__init__(gil, lane)
        self.name = name
        self.pieces: deque[tuple] = deque()
        # `ahead_ns` is the length of the pieces so far: where the running function's clock is.
        # What its function must not wait for; see `Machine.wait_until`.
        self.python_thread: Any = None


class Cores:
    """Clock, agenda and cores of one run."""

    def __init__(self, cores: int) -> None:
        self.now_ns = 0
        self.free_cores = cores
        self.core_waiters: deque[Thread] = deque()
        # The threads that compute now, in the order in which they began.
        self.computing: dict[Thread, None] = {}
        self.agenda: list[Event] = []
        self.sequence = itertools.count()
        # Called with (thread, state, place) when a thread enters a state.
        self.observe: Callable[[Thread, str, Any], None] = lambda thread, state, place: None

    # The agenda

    def schedule(self, at_ns: int, action: Callable[[], None]) -> Event:
        event = Event(at_ns, next(self.sequence), action)
        heapq.heappush(self.agenda, event)
        return event

    def has_events(self) -> bool:
        while self.agenda and self.agenda[0].action is None:
            heapq.heappop(self.agenda)
        return bool(self.agenda)

    # What threads do

    def block(self, thread: Thread, ns: int, then: Callable[[], None]) -> None:
        self.observe(thread, "blocking", thread.place)
        self.release(thread)
        self.schedule(self.now_ns + ns, lambda: self.compute(thread, 0, then))

    def compute(self, thread: Thread, ns: int, then: Callable[[], None]) -> None:
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
        self.release(thread)
        self._want_gil(thread)

    def release(self, thread: Thread) -> None:
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
