"""`multiprocessing` and job workers on the virtual machine: threads with a GIL of their own.

Unlike real processes they share the program's memory; nothing is pickled.
"""

import multiprocessing
import queue
import threading
import types
from typing import Any

from .endings import Refused
from .machine import at
from .threads import CORES, Pool, Workshop, new_job, pools


class _JobPool:
    """Celery's workers."""

    def __init__(self, workshop: Workshop, size: int) -> None:
        self._workshop = workshop
        self._pool = Pool(workshop, size, "job", "worker")

    def submit(self, function: Any, /, *args: Any, **options: Any) -> Any:
        import concurrent.futures

        future: concurrent.futures.Future = concurrent.futures.Future()
        job = new_job(self._workshop, function, lambda: function(*args, **options), future)
        job.instance.role = "sent"
        self._workshop.machine.emit(lambda: self._pool.submit(job))
        return future


def job_pool(workshop: Workshop, size: int) -> _JobPool:
    return _JobPool(workshop, size)


def module(workshop: Workshop) -> types.ModuleType:
    """What the program gets for `import multiprocessing`."""
    _, process_pool = pools(workshop)
    machine = workshop.machine

    class Process(threading.Thread):
        """Starts and joins as a thread; its lane is a process."""

        lane_kind = "process"

        @property
        def pid(self) -> int | None:
            return self.ident

        @property
        def exitcode(self) -> int | None:
            return 0 if self in workshop.started and not self.is_alive() else None

        def terminate(self) -> None:
            place = machine.place_of_caller()
            words = "a process cannot be ended in the middle on the virtual clock"
            raise machine.stop(Refused(f"{at(place)}{words}"))

        kill = terminate

        def close(self) -> None:
            pass

    class ProcessPool:
        """`multiprocessing.Pool`."""

        def __init__(self, processes: int | None = None, *args: Any, **options: Any) -> None:
            self._pool = process_pool(processes or CORES)

        def map(self, function: Any, items: Any, chunksize: int | None = None) -> list[Any]:
            return list(self._pool.map(function, items))

        def starmap(self, function: Any, items: Any, chunksize: int | None = None) -> list[Any]:
            futures = [self._pool.submit(function, *arguments) for arguments in items]
            return [future.result() for future in futures]

        def imap(self, function: Any, items: Any, chunksize: int = 1) -> Any:
            return self._pool.map(function, items)

        imap_unordered = imap

        def apply(self, function: Any, args: Any = (), kwds: Any = None) -> Any:
            return self._pool.submit(function, *args, **(kwds or {})).result()

        def apply_async(
            self, function: Any, args: Any = (), kwds: Any = None, callback: Any = None
        ) -> Any:
            future = self._pool.submit(function, *args, **(kwds or {}))
            if callback is not None:
                future.add_done_callback(lambda future: callback(future.result()))
            return types.SimpleNamespace(
                get=future.result,
                ready=future.done,
                wait=lambda timeout=None: future.result(timeout),
            )

        def close(self) -> None:
            self._pool.shutdown(wait=False)

        terminate = close

        def join(self) -> None:
            self._pool.shutdown(wait=True)

        def __enter__(self) -> Any:
            return self

        def __exit__(self, *exception: Any) -> None:
            self.close()

    made = types.ModuleType("multiprocessing", multiprocessing.__doc__)
    made.__dict__.update(
        {name: value for name, value in vars(multiprocessing).items() if name != "__file__"}
    )
    made.__dict__.update(
        Process=Process,
        Pool=ProcessPool,
        Queue=queue.Queue,
        SimpleQueue=queue.Queue,
        JoinableQueue=queue.Queue,
        Lock=threading.Lock,
        RLock=threading.RLock,
        Event=threading.Event,
        Condition=threading.Condition,
        Semaphore=threading.Semaphore,
        Barrier=threading.Barrier,
        cpu_count=lambda: CORES,
        set_start_method=lambda method, force=False: None,
        freeze_support=lambda: None,
        get_context=lambda method=None: made,
    )
    return made
