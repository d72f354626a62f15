"""What a suspended task waits for, and at which line of the program.

A coroutine that waits has the coroutine it awaits in `cr_await` (`gi_yieldfrom` of a
generator, `ag_await` of an asynchronous generator). The innermost file of asyncio's own says
the kind of wait, e.g. `Queue.get`; the innermost line of the program says the place.
"""

import asyncio
import gc
import os
from collections.abc import Callable
from types import AsyncGeneratorType, CodeType, CoroutineType, GeneratorType
from typing import Any

from .sources import Place

_ASYNCIO = os.path.dirname(asyncio.__file__)

_KINDS = {
    "sleep": "awaiting",
    "Lock.acquire": "waiting_permit",
    "Semaphore.acquire": "waiting_permit",
    "Condition.wait": "waiting_notify",
    "Queue.get": "waiting_item",
    "Queue.put": "waiting_room",
    "Event.wait": "waiting_event",
    "TaskGroup.__aexit__": "waiting_all",
    "TaskGroup._aexit": "waiting_all",
    "_wait": "waiting_all",
    "StreamReader._wait_for_data": "awaiting",
    "BaseEventLoop.shutdown_default_executor": "offloaded",
}
"""By the qualified name of a function of asyncio."""

_OUTER_KINDS = {
    "as_completed.<locals>._wait_for_one": "waiting_task",
    "_AsCompletedIterator._wait_for_one": "waiting_task",
    "Queue.join": "waiting_event",
    "Barrier._wait": "waiting_notify",
    "Barrier._block": "waiting_notify",
}
"""These keep their kind although they await another function of the table above."""

_ANYIO_KINDS = {"CapacityLimiter.acquire_on_behalf_of": "queued_token"}

_ASYNC_GENERATOR_STEPS = ("async_generator_asend", "async_generator_athrow")


class Waits:
    """Looks waits up, with a memory for each code object that it has seen."""

    def __init__(self, is_own: Callable[[str], bool]) -> None:
        self.is_own = is_own
        # Whether the code is the program's, its kind of wait, and whether that kind is final.
        self._codes: dict[CodeType, tuple[bool, str | None, bool]] = {}
        # Futures of work on threads, and the state of a task that awaits one.
        self.offloads: dict[asyncio.Future, str] = {}

    def of(self, task: asyncio.Task) -> tuple[str, Place | None]:
        """State and line of a task that is suspended."""
        kind = None
        place = None
        is_final = False
        codes = self._codes
        awaited = task.get_coro()
        while awaited is not None:
            step = type(awaited)
            if step is CoroutineType:
                frame, following = awaited.cr_frame, awaited.cr_await
            elif step is GeneratorType:
                frame, following = awaited.gi_frame, awaited.gi_yieldfrom
            elif step is AsyncGeneratorType:
                frame, following = awaited.ag_frame, awaited.ag_await
            else:
                awaited = _inner(awaited)
                continue
            if frame is None:
                break
            code = frame.f_code
            try:
                is_own, found, final = codes[code]
            except KeyError:
                is_own, found, final = codes[code] = self._classify(code)
            if is_own:
                place = (code.co_filename, frame.f_lineno)
            elif found is not None and not is_final:
                kind, is_final = found, final
            awaited = following
        if kind is None:
            kind = self._by_future(getattr(task, "_fut_waiter", None))
        return kind, place

    def _classify(self, code: CodeType) -> tuple[bool, str | None, bool]:
        filename, name = code.co_filename, code.co_qualname
        if self.is_own(filename):
            return (True, None, False)
        if filename.startswith(_ASYNCIO):
            if name in _OUTER_KINDS:
                return (False, _OUTER_KINDS[name], True)
            return (False, _KINDS.get(name), False)
        if f"{os.sep}anyio{os.sep}" in filename and name in _ANYIO_KINDS:
            return (False, _ANYIO_KINDS[name], True)
        return (False, None, False)

    def _by_future(self, future: Any) -> str:
        if future is None:
            # A bare `yield`: the task is in the ready queue again.
            return "ready"
        if isinstance(future, asyncio.Task):
            return "waiting_task"
        if type(future).__name__ == "_GatheringFuture":
            return "waiting_all"
        offloaded = self.offloads.get(future)
        return offloaded if offloaded is not None else "waiting_event"


def _inner(awaited: Any) -> Any:
    """The frame behind an object that has none: the generator of an `__anext__()`, the
    coroutine of an `__await__()`. None for a future."""
    if type(awaited).__name__ not in (*_ASYNC_GENERATOR_STEPS, "coroutine_wrapper"):
        return None
    for inner in gc.get_referents(awaited):
        if isinstance(inner, (AsyncGeneratorType, CoroutineType)):
            return inner
    return None
