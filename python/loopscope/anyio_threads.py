"""AnyIO's `to_thread.run_sync` on virtual threads.

FastAPI runs plain `def` handlers and dependencies there. AnyIO's own limiter decides which call
gets a thread (40 by default); only the thread itself is replaced.
"""

import asyncio
import sys
from contextvars import copy_context
from typing import Any

from .endings import Refused
from .patches import Replacements
from .threads import Pool, Workshop, new_job


def replace(changes: Replacements, workshop: Workshop) -> None:
    """Replaces AnyIO's threads. AnyIO has been imported."""
    import anyio._backends._asyncio as backend
    import anyio.from_thread

    watcher, machine = workshop.watcher, workshop.machine
    # As many threads as the limiter lets in.
    pool = Pool(workshop, sys.maxsize, "thread", "AnyIO worker thread")

    async def run_sync_in_worker_thread(
        cls: Any,
        func: Any,
        args: tuple,
        abandon_on_cancel: bool = False,
        limiter: Any = None,
        **rest: Any,
    ) -> Any:
        await cls.checkpoint()
        async with limiter or cls.current_default_thread_limiter():
            with backend.CancelScope(shield=not abandon_on_cancel):
                future: Any = asyncio.get_running_loop().create_future()
                context = copy_context()
                job = new_job(workshop, func, lambda: context.run(func, *args), _Receiver(future))
                watcher.waits.offloads[future] = "offloaded"
                pool.submit(job)
                try:
                    return await future
                finally:
                    watcher.waits.offloads.pop(future, None)

    changes.set(
        backend.AsyncIOBackend, "run_sync_in_worker_thread", classmethod(run_sync_in_worker_thread)
    )

    def run_from_thread(*args: Any, **options: Any) -> Any:
        place = machine.place_of_caller()
        raise machine.stop(Refused(machine.cannot_wait("work on the event loop", place)))

    for name in ("run", "run_sync"):
        changes.set(anyio.from_thread, name, run_from_thread)


class _Receiver:
    """An asyncio future with the methods that a pool calls on a concurrent one."""

    def __init__(self, future: Any) -> None:
        self._future = future

    def set_running_or_notify_cancel(self) -> bool:
        return True

    def running(self) -> bool:
        return not self._future.done() and not self._future.get_loop().is_closed()

    def set_result(self, result: Any) -> None:
        self._deliver(lambda: self._future.set_result(result))

    def set_exception(self, error: BaseException) -> None:
        if isinstance(error, StopIteration):
            # A future refuses this one, as AnyIO knows.
            wrapped = RuntimeError("coroutine raised StopIteration")
            wrapped.__cause__ = error
            error = wrapped
        self._deliver(lambda: self._future.set_exception(error))

    def cancel(self) -> bool:
        return False

    def _deliver(self, action: Any) -> None:
        def deliver() -> None:
            if not self._future.done():
                action()

        self._future.get_loop().call_soon_threadsafe(deliver)
