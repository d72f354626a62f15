"""Threads, thread pools and process pools on the virtual machine.

`concurrent.futures` and `threading` keep their own classes and futures. What is replaced is
below them: a pool's workers, and `Thread.start` and `join`. What threads wait for each other
with is in `locks.py`.

# What this leaves out

- `threading.local` is shared by all threads.
"""

import concurrent.futures
import sys
import threading
import traceback
from collections import deque
from collections.abc import Callable
from typing import Any

from .cores import Gil, VirtualThread
from .durations import from_seconds
from .functions import code_place, function_name, own_function
from .machine import Machine
from .watcher import Watcher

IDENT_FIRST = 1_000_001
"""Identifiers of virtual threads count from here, apart from the real one of the main thread."""


CORES = 4
"""Of the virtual machine, as of a script without a `cores` line."""


class Workshop:
    """Makes the threads of one run, and knows the jobs that they have."""

    def __init__(self, machine: Machine, watcher: Watcher) -> None:
        self.machine = machine
        self.watcher = watcher
        self.thread_count = 0
        # `threading.Thread` objects that were started, with their virtual threads.
        self.started: dict[threading.Thread, VirtualThread] = {}
        self.alive: set[threading.Thread] = set()
        # By their kind: lanes of threads that have ended. A chart has a row for each lane.
        self.free_lanes: dict[str, list[int]] = {}

    def new_thread(self, kind: str, name: str) -> VirtualThread:
        gil = Gil() if kind in ("process", "job") else self.machine.main.gil
        self.thread_count += 1
        free = self.free_lanes.get(kind)
        thread = VirtualThread(gil, free.pop(0) if free else self.watcher.new_lane(kind), name)
        thread.ident = IDENT_FIRST + self.thread_count
        return thread


class Job:
    """A function that was handed to a pool."""

    def __init__(self, function: Callable[[], Any], instance: Any, future: Any) -> None:
        self.function = function
        self.instance = instance
        self.future = future


class Pool:
    """Workers and the queue before them. Tells others when both are empty."""

    def __init__(self, workshop: Workshop, size: int, kind: str, name: str) -> None:
        self.workshop = workshop
        self.size = size
        self.kind = kind
        self.name = name
        self.threads: list[VirtualThread] = []
        self.idle: list[VirtualThread] = []
        self.queue: deque[Job] = deque()
        self.working = 0
        self.on_idle: list[Callable[[], Any]] = []

    def submit(self, job: Job) -> None:
        self.queue.append(job)
        watcher = self.workshop.watcher
        watcher.add(job.instance, f"queued_{QUEUE_STATES[self.kind]}", -1, None)
        self._start_next()

    def _start_next(self) -> None:
        while self.queue:
            is_new = False
            if self.idle:
                thread = self.idle.pop(0)
            elif len(self.threads) < self.size:
                thread = self.workshop.new_thread(self.kind, f"{self.name}_{len(self.threads)}")
                self.threads.append(thread)
                is_new = self.kind == "executor"
            else:
                return
            self._start(thread, self.queue.popleft(), is_new)

    def _start(self, thread: VirtualThread, job: Job, is_new: bool) -> None:
        machine, watcher = self.workshop.machine, self.workshop.watcher
        thread.instance = job.instance
        thread.place = job.instance.place
        self.working += 1

        def begins() -> bool:
            if job.future is None or job.future.set_running_or_notify_cancel():
                return True
            watcher.add(job.instance, "cancelled", -1, None)
            return False

        def finished(result: Any, error: BaseException | None) -> None:
            watcher.add(job.instance, "done" if error is None else "failed", -1, None)
            if job.future is not None and job.future.running():
                if error is None:
                    job.future.set_result(result)
                else:
                    job.future.set_exception(error)

        def is_idle() -> None:
            self.working -= 1
            self.idle.append(thread)
            self._start_next()
            if self.is_idle():
                waiting, self.on_idle = self.on_idle, []
                for action in waiting:
                    action()

        machine.run_function(thread, job.function, finished, is_idle, begins, is_new)

    def is_idle(self) -> bool:
        return not self.working and not self.queue

    def drop_queue(self) -> None:
        for job in list(self.queue):
            if job.future is not None and job.future.cancel():
                self.queue.remove(job)
                self.workshop.watcher.add(job.instance, "cancelled", -1, None)


QUEUE_STATES = {"executor": "executor", "thread": "token", "process": "process", "job": "job"}
"""What an instance waits for, by the kind of its pool's lanes."""


def new_job(workshop: Workshop, function: Any, call: Callable[[], Any], future: Any) -> Job:
    """A job with its instance, a child of what runs now."""
    watcher = workshop.watcher
    function = own_function(function, watcher.program.is_own) or function
    place = code_place(function)
    if place is not None and not watcher.program.is_own(place[0]):
        place = None
    place = place or workshop.machine.place_of_caller()
    instance = watcher.new_instance(function_name(function), watcher.current, "offloaded", place)
    return Job(call, instance, future)


def pools(workshop: Workshop) -> tuple[type, type]:
    """The classes that stand for `ThreadPoolExecutor` and `ProcessPoolExecutor`."""
    machine = workshop.machine

    class VirtualPool(concurrent.futures.thread.ThreadPoolExecutor):
        """A subclass of the real thread pool, because asyncio asks for one."""

        _kind = "executor"

        def _size(self, max_workers: int | None) -> int:
            # As the real one since 3.5; the machine is said to have four cores.
            return min(32, CORES + 4) if max_workers is None else max_workers

        def __init__(
            self,
            max_workers: int | None = None,
            thread_name_prefix: str = "",
            initializer: Any = None,
            initargs: tuple = (),
            **options: Any,
        ) -> None:
            size = self._size(max_workers)
            if size <= 0:
                raise ValueError("max_workers must be greater than 0")
            if initializer is not None and not callable(initializer):
                raise TypeError("initializer must be a callable")
            self._max_workers = size
            self._initialize = (initializer, initargs) if initializer else None
            self._is_shut = False
            self._pool = Pool(workshop, size, self._kind, thread_name_prefix or "ThreadPool")

        def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> concurrent.futures.Future:
            if self._is_shut:
                raise RuntimeError("cannot schedule new futures after shutdown")
            future: concurrent.futures.Future = concurrent.futures.Future()
            initialize, self._initialize = self._initialize, None

            def call() -> Any:
                if initialize is not None:
                    initialize[0](*initialize[1])
                return fn(*args, **kwargs)

            job = new_job(workshop, fn, call, future)
            machine.emit(lambda: self._pool.submit(job))
            return future

        def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
            self._is_shut = True
            if cancel_futures:
                self._pool.drop_queue()
            if wait and not self._pool.is_idle():
                machine.wait_until(self._pool.is_idle, None, "the end of a pool's work")

        def when_idle(self, action: Callable[[], Any]) -> None:
            if self._pool.is_idle():
                action()
            else:
                self._pool.on_idle.append(action)

    class VirtualProcessPool(VirtualPool):
        """Workers with a GIL of their own. They share the program's memory, unlike real ones."""

        _kind = "process"

        def __init__(self, max_workers: int | None = None, *args: Any, **options: Any) -> None:
            options.pop("mp_context", None)
            options.pop("max_tasks_per_child", None)
            super().__init__(max_workers, "Process", **options)

        def _size(self, max_workers: int | None) -> int:
            return CORES if max_workers is None else max_workers

        def map(self, fn: Any, *iterables: Any, timeout: Any = None, chunksize: int = 1) -> Any:
            return super().map(fn, *iterables, timeout=timeout)

    VirtualPool.__name__ = VirtualPool.__qualname__ = "ThreadPoolExecutor"
    VirtualProcessPool.__name__ = VirtualProcessPool.__qualname__ = "ProcessPoolExecutor"
    return VirtualPool, VirtualProcessPool


def thread_methods(workshop: Workshop) -> dict[str, Any]:
    """What replaces methods of `threading.Thread`."""
    machine, watcher = workshop.machine, workshop.watcher

    def start(self: threading.Thread) -> None:
        if not getattr(self, "_initialized", True):
            raise RuntimeError("thread.__init__() not called")
        if self in workshop.started:
            raise RuntimeError("threads can only be started once")
        # `multiprocessing.Process` is a thread with a lane and a GIL of its own.
        kind = getattr(self, "lane_kind", "executor")
        thread = workshop.new_thread(kind, self.name)
        thread.python_thread = self
        target = getattr(self, "_target", None) or self.run
        job = new_job(workshop, target, self.run, None)
        thread.instance = job.instance
        thread.place = job.instance.place
        workshop.started[self] = thread
        workshop.alive.add(self)
        self._started.set()

        def is_idle() -> None:
            workshop.alive.discard(self)
            workshop.free_lanes.setdefault(kind, []).append(thread.lane)

        def finished(result: Any, error: BaseException | None) -> None:
            watcher.add(job.instance, "done" if error is None else "failed", -1, None)
            if error is not None and not isinstance(error, SystemExit):
                hook = threading.ExceptHookArgs((type(error), error, error.__traceback__, self))
                threading.excepthook(hook)

        if isinstance(self, threading.Timer):
            emit_timer(self, thread, finished, is_idle)
        else:
            machine.emit(
                lambda: machine.run_function(thread, self.run, finished, is_idle, is_new=True)
            )

    def emit_timer(
        self: threading.Timer, thread: VirtualThread, finished: Any, is_idle: Any
    ) -> None:
        """A timer waits before its function begins, so that it can be cancelled meanwhile."""

        def due() -> None:
            if self.finished.is_set():
                watcher.add(watcher.instances[thread.instance.number], "cancelled", -1, None)
                is_idle()
                return
            self.finished.set()
            call = lambda: self.function(*self.args, **self.kwargs)
            machine.run_function(thread, call, finished, is_idle)

        delay_ns = from_seconds(max(0, self.interval))
        machine.emit(lambda: machine.schedule(machine.now_ns + delay_ns, due))

    def join(self: threading.Thread, timeout: float | None = None) -> None:
        if self not in workshop.started:
            raise RuntimeError("cannot join thread before it is started")
        if self in workshop.alive:
            limit = None if timeout is None else from_seconds(max(0, timeout))
            machine.wait_until(
                lambda: self not in workshop.alive, limit, f"the end of thread `{self.name}`"
            )

    def is_alive(self: threading.Thread) -> bool:
        return self in workshop.alive

    def ident(self: threading.Thread) -> int | None:
        thread = workshop.started.get(self)
        return None if thread is None else thread.ident

    return {
        "start": start,
        "join": join,
        "is_alive": is_alive,
        "ident": property(ident),
        "native_id": property(ident),
    }


def thread_functions(workshop: Workshop) -> dict[str, Any]:
    """What replaces functions of `threading`."""
    machine = workshop.machine
    real_current, real_ident = threading.current_thread, threading.get_ident
    shown: dict[VirtualThread, threading.Thread] = {}

    def get_ident() -> int:
        thread = machine.current
        return thread.ident if isinstance(thread, VirtualThread) else real_ident()

    def current_thread() -> threading.Thread:
        thread = machine.current
        if not isinstance(thread, VirtualThread):
            return real_current()
        if thread.python_thread is not None:
            return thread.python_thread
        if thread not in shown:
            shown[thread] = threading.Thread(name=thread.name, daemon=True)
            workshop.started[shown[thread]] = thread
        return shown[thread]

    def active_count() -> int:
        return 1 + len(workshop.alive)

    def excepthook(told: threading.ExceptHookArgs) -> None:
        """As the one of C, which opens the sources as if the program did."""
        name = told.thread.name if told.thread is not None else get_ident()
        print(f"Exception in thread {name}:", file=sys.stderr)
        traceback.print_exception(told.exc_type, told.exc_value, told.exc_traceback)

    return {
        "excepthook": excepthook,
        "get_ident": get_ident,
        "get_native_id": get_ident,
        "current_thread": current_thread,
        "active_count": active_count,
    }


def cpu_count() -> int:
    return CORES
