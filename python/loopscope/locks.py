"""What threads wait for each other with: locks, semaphores, events, conditions, queues.

A function on a thread runs in one go (see `machine.py`), so each of these exists twice: as the
running code sees it, and as the playback sees it. Taking a lock is a piece of the playback,
which may have to wait there for another thread. What cannot be played back, because the code
needs something that another thread has not done yet, ends the run with words.

The main thread may wait for threads in any way: the machine plays them meanwhile. All other
waits of Python's library, e.g. `Future.result`, `Queue.get` and `as_completed`, are made of
`Condition.wait`.
"""

import queue
import threading
from collections import deque
from collections.abc import Callable
from typing import Any

from .cores import Thread, VirtualThread
from .durations import from_seconds
from .endings import Refused
from .machine import Machine, at


class VirtualLock:
    """A lock of the virtual machine.

    The code runs in one go, so inside one function a lock is free unless the code around it,
    on the main thread, holds it. The wait for other threads takes place in the playback.
    """

    reentrant = False

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        # As the running code sees it.
        self._owner: Thread | None = None
        self._depth = 0
        # As the playback sees it.
        self._holder: Thread | None = None
        self._queue: deque[VirtualThread] = deque()

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        machine = self._machine
        thread = machine.current
        if self._owner is not None:
            if self.reentrant and self._owner is thread:
                self._depth += 1
                return True
            if not blocking or timeout >= 0:
                return False
            place = machine.place_of_caller()
            if self._owner is thread:
                words = "the lock is taken twice by one thread, which then waits for itself"
                raise machine.stop(Refused(f"{at(place)}{words}"))
            raise machine.stop(Refused(machine.cannot_wait("a lock of another thread", place)))
        if isinstance(thread, VirtualThread):
            self._owner, self._depth = thread, 1
            thread.pieces.append(("lock", self, machine.place_of_caller()))
            return True
        # The main thread waits for threads that hold it in the playback.
        if self._holder is not None:
            if not blocking:
                return False
            limit = from_seconds(timeout) if timeout >= 0 else None
            if not machine.wait_until(lambda: self._holder is None, limit, "a lock"):
                return False
        self._owner, self._depth = thread, 1
        self._holder = thread
        return True

    def release(self) -> None:
        if self._owner is None:
            raise RuntimeError("release unlocked lock")
        if self.reentrant and self._owner is not self._machine.current:
            raise RuntimeError("cannot release un-acquired lock")
        self._depth -= 1
        if self._depth == 0:
            self._owner = None
            self._machine.emit(self.play_release)

    def play_acquire(self, thread: VirtualThread) -> bool:
        if self._holder is None:
            self._holder = thread
            return True
        self._queue.append(thread)
        return False

    def play_release(self) -> None:
        self._holder = self._queue.popleft() if self._queue else None
        if isinstance(self._holder, VirtualThread):
            self._machine.resume(self._holder)

    def locked(self) -> bool:
        return self._owner is not None or self._holder is not None

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(self, *exception: Any) -> None:
        self.release()

    # What `threading.Condition` asks of its lock.

    def _is_owned(self) -> bool:
        return self._owner is self._machine.current

    def _release_save(self) -> int:
        depth, self._depth = self._depth, 1
        self.release()
        return depth

    def _acquire_restore(self, depth: int) -> None:
        self.acquire()
        self._depth = depth

    def _at_fork_reinit(self) -> None:
        self._owner = self._holder = None


class VirtualRLock(VirtualLock):
    """As `VirtualLock`, and its owner may take it again."""

    reentrant = True


class VirtualSemaphore:
    """`threading.Semaphore`; the wait for a permit takes place in the playback, as for a lock."""

    bounded = False

    def __init__(self, machine: Machine, value: int = 1) -> None:
        if value < 0:
            raise ValueError("semaphore initial value must be >= 0")
        self._machine = machine
        self._most = value
        # Permits as the running code sees them, and as the playback sees them.
        self._value = value
        self._free = value
        self._queue: deque[VirtualThread] = deque()

    def acquire(self, blocking: bool = True, timeout: float | None = None) -> bool:
        machine = self._machine
        thread = machine.current
        place = machine.place_of_caller()
        if isinstance(thread, VirtualThread):
            if self._value == 0:
                if not blocking or timeout is not None:
                    return False
                raise machine.stop(Refused(machine.cannot_wait("a semaphore", place)))
            self._value -= 1
            thread.pieces.append(("lock", self, place))
            return True
        if self._free == 0 or self._value == 0:
            if not blocking:
                return False
            limit = from_seconds(timeout) if timeout is not None else None
            is_free = lambda: self._free > 0 and self._value > 0
            if not machine.wait_until(is_free, limit, "a permit of a semaphore"):
                return False
        self._value -= 1
        self._free -= 1
        return True

    def release(self, n: int = 1) -> None:
        if n < 1:
            raise ValueError("n must be one or more")
        if self.bounded and self._value + n > self._most:
            raise ValueError("Semaphore released too many times")
        self._value += n
        for _ in range(n):
            self._machine.emit(self._play_release)

    def play_acquire(self, thread: VirtualThread) -> bool:
        if self._free > 0:
            self._free -= 1
            return True
        self._queue.append(thread)
        return False

    def _play_release(self) -> None:
        if self._queue:
            self._machine.resume(self._queue.popleft())
        else:
            self._free += 1

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(self, *exception: Any) -> None:
        self.release()


class VirtualBoundedSemaphore(VirtualSemaphore):
    """As `VirtualSemaphore`; a permit too many is an error."""

    bounded = True


class _Waiter:
    """What `Condition.notify` releases."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self.is_notified = False

    def release(self) -> None:
        self._machine.emit(self._notify)

    def _notify(self) -> None:
        self.is_notified = True


class VirtualEvent:
    """`threading.Event`. A thread that sets it does so for others when its playback gets there."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._flag = False
        # As the function that runs now sees it.
        self._view = False

    def _is_ahead(self) -> bool:
        return isinstance(self._machine.current, VirtualThread)

    def is_set(self) -> bool:
        return self._view if self._is_ahead() else self._flag

    isSet = is_set  # noqa: N815, the old name

    def set(self) -> None:
        self._change(True)

    def clear(self) -> None:
        self._change(False)

    def _change(self, value: bool) -> None:
        self._view = value

        def change() -> None:
            self._flag = value
            if not self._is_ahead():
                self._view = value

        self._machine.emit(change)

    def wait(self, timeout: float | None = None) -> bool:
        limit = None if timeout is None else from_seconds(max(0, timeout))
        if self._is_ahead() and self._view:
            return True
        return self._machine.wait_until(lambda: self._flag, limit, "another thread")

    def _at_fork_reinit(self) -> None:
        pass


def queue_put(machine: Machine, real_put: Callable[..., None]) -> Callable[..., None]:
    """What replaces `queue.Queue.put`: a thread's item arrives when its playback gets there."""

    def put(self: Any, item: Any, block: bool = True, timeout: float | None = None) -> None:
        if not isinstance(machine.current, VirtualThread):
            real_put(self, item, block, timeout)
            return
        if 0 < self.maxsize <= self._qsize():
            if not block:
                raise queue.Full
            place = machine.place_of_caller()
            raise machine.stop(Refused(machine.cannot_wait("room in a queue", place)))

        def arrive() -> None:
            with self.mutex:
                self._put(item)
                self.unfinished_tasks += 1
                self.not_empty.notify()

        machine.emit(arrive)

    return put


def condition_wait(machine: Machine) -> Callable[..., bool]:
    """What replaces `threading.Condition.wait`."""

    def wait(self: threading.Condition, timeout: float | None = None) -> bool:
        if not self._is_owned():
            raise RuntimeError("cannot wait on un-acquired lock")
        waiter = _Waiter(machine)
        self._waiters.append(waiter)
        saved = self._release_save()
        try:
            limit = None if timeout is None else from_seconds(max(0, timeout))
            is_notified = machine.wait_until(lambda: waiter.is_notified, limit, "another thread")
        finally:
            self._acquire_restore(saved)
            if not waiter.is_notified and waiter in self._waiters:
                self._waiters.remove(waiter)
        return is_notified

    return wait
