"""A stand-in for Celery: tasks are sent to workers and do not block the sender.

Four workers take one job at a time each, every one in a process of its own, as the `jobs`
setting of a script has it. Chains, retries and several queues are left out: what is not here
is a plain stand-in.
"""

import concurrent.futures
import functools
import types
from collections.abc import Callable
from typing import Any

from .objects import child_of

WORKERS = 4

# Makes a pool with this many workers of the kind `job`; set for the length of a run.
new_pool: Callable[[int], Any] | None = None
_pool: Any = None


def reset(make: Callable[[int], Any] | None) -> None:
    global new_pool, _pool
    new_pool, _pool = make, None


def _workers() -> Any:
    global _pool
    if _pool is None:
        assert new_pool is not None, "a run is going on"
        _pool = new_pool(WORKERS)
    return _pool


class AsyncResult:
    """The result of a job that was sent."""

    def __init__(self, number: int, future: concurrent.futures.Future) -> None:
        self.id = f"job-{number}"
        self.task_id = self.id
        self._future = future

    def ready(self) -> bool:
        return self._future.done()

    def successful(self) -> bool:
        return self._future.done() and self._future.exception() is None

    def failed(self) -> bool:
        return self._future.done() and self._future.exception() is not None

    @property
    def state(self) -> str:
        if self._future.done():
            return "FAILURE" if self._future.exception() else "SUCCESS"
        return "STARTED" if self._future.running() else "PENDING"

    status = state

    @property
    def result(self) -> Any:
        if not self._future.done():
            return None
        return self._future.exception() or self._future.result()

    def get(self, timeout: float | None = None, **options: Any) -> Any:
        """Blocks until the job is done, as the real one does."""
        return self._future.result(timeout)


_sent: dict[str, AsyncResult] = {}


class Task:
    """A function that can be called, or sent to a worker."""

    def __init__(self, function: Callable, name: str | None, bind: bool) -> None:
        functools.update_wrapper(self, function)
        self.run = functools.partial(function, self) if bind else function
        self.name = name or f"{function.__module__}.{function.__name__}"
        self.request = types.SimpleNamespace(id=None, retries=0)

    def __call__(self, *args: Any, **options: Any) -> Any:
        return self.run(*args, **options)

    def delay(self, *args: Any, **options: Any) -> AsyncResult:
        return self.apply_async(args, options)

    def apply_async(self, args: Any = (), kwargs: Any = None, **options: Any) -> AsyncResult:
        future = _workers().submit(self.run, *args, **(kwargs or {}))
        result = AsyncResult(len(_sent) + 1, future)
        _sent[result.id] = result
        return result

    def s(self, *args: Any, **options: Any) -> Any:
        return Signature(self, args, options)

    si = signature = s

    def update_state(self, *args: Any, **options: Any) -> None:
        pass


class Signature:
    """A call that is not made yet; `group` sends several."""

    def __init__(self, task: Task, args: tuple, options: dict) -> None:
        self.task, self.args, self.options = task, args, options

    def delay(self) -> AsyncResult:
        return self.task.apply_async(self.args, self.options)

    apply_async = __call__ = delay


class GroupResult:
    def __init__(self, results: list[AsyncResult]) -> None:
        self.results = results

    def ready(self) -> bool:
        return all(result.ready() for result in self.results)

    def get(self, timeout: float | None = None, **options: Any) -> list[Any]:
        return [result.get(timeout) for result in self.results]

    join = get


class Group:
    """Signatures that are sent together: `group(f.s(1), f.s(2))()`."""

    def __init__(self, *signatures: Any) -> None:
        if len(signatures) == 1 and not isinstance(signatures[0], Signature):
            signatures = tuple(signatures[0])
        self.signatures = signatures

    def delay(self, *args: Any, **options: Any) -> GroupResult:
        return GroupResult([signature.delay() for signature in self.signatures])

    apply_async = __call__ = delay


class Celery:
    """The app: it makes tasks."""

    def __init__(self, main: str | None = None, *args: Any, **options: Any) -> None:
        self.main = main
        self.conf = child_of("celery", "conf")

    def task(self, *functions: Callable, **options: Any) -> Any:
        return shared_task(*functions, **options)

    def AsyncResult(self, id: str) -> Any:  # noqa: N802, the real name
        return _sent.get(id) or child_of("celery", "AsyncResult")

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return child_of("celery.Celery", name)


def shared_task(
    *functions: Callable, name: str | None = None, bind: bool = False, **rest: Any
) -> Any:
    if functions:
        return Task(functions[0], name, bind)
    return lambda function: Task(function, name, bind)


def module() -> types.ModuleType:
    from .finder import Module

    made = Module("celery", "A stand-in for Celery.")
    _sent.clear()
    made.__dict__.update(
        Celery=Celery,
        shared_task=shared_task,
        group=Group,
        Task=Task,
        AsyncResult=lambda id, **options: _sent.get(id),
    )
    return made
