"""What a suspended task waits for, and at which line of the program.

A coroutine that waits has the coroutine it awaits in `cr_await` (`gi_yieldfrom` of a
generator, `ag_await` of an asynchronous generator). The innermost function of asyncio's own says
the kind of wait, e.g. `Queue.get`; the innermost line of the program says the place.
"""

import asyncio
import gc
from types import AsyncGeneratorType, CoroutineType, GeneratorType
from typing import Any

from .codes import KnownCodes
from .sources import Place

_WRAPPERS = ("async_generator_asend", "async_generator_athrow", "coroutine_wrapper")
"""Types without a frame of their own: of an `__anext__()`, of an `__await__()`."""

_SHIELDED = "shield.<locals>._outer_done_callback"
"""The first callback of a future that `asyncio.shield` returns."""

_is_wrapper: dict[type, bool] = {}
"""Of the types that were met."""


class Waits:
    """Looks waits up."""

    def __init__(self, known: KnownCodes) -> None:
        self.known = known
        # Futures of work on threads, and the state of a task that awaits one.
        self.offloads: dict[asyncio.Future, str] = {}

    def of(self, task: asyncio.Task) -> tuple[str, Place | None]:
        """State and line of a task that is suspended."""
        state = place = None
        is_final = False
        known = self.known
        awaited = task.get_coro()
        while awaited is not None:
            kind = type(awaited)
            # Asking a coroutine for its frame makes an object, so only the program's are asked.
            if kind is CoroutineType:
                code, frame, following = awaited.cr_code, "cr_frame", awaited.cr_await
            elif kind is GeneratorType:
                code, frame, following = awaited.gi_code, "gi_frame", awaited.gi_yieldfrom
            elif kind is AsyncGeneratorType:
                code, frame, following = awaited.ag_code, "ag_frame", awaited.ag_await
            else:
                wrapper = _is_wrapper.get(kind)
                if wrapper is None:
                    wrapper = _is_wrapper[kind] = kind.__name__ in _WRAPPERS
                if not wrapper:
                    # E.g. a future.
                    break
                awaited = _wrapped(awaited)
                continue
            found = known.get(id(code)) or known.of(code)
            if found.is_own:
                suspended = getattr(awaited, frame)
                if suspended is None:
                    break
                place = found.place(suspended)
            elif found.wait is not None and not is_final:
                state, is_final = found.wait, found.wait_is_final
            awaited = following
        if state is None:
            state = self._by_future(getattr(task, "_fut_waiter", None))
        return state, place

    def _by_future(self, future: Any) -> str:
        if future is None:
            # A bare `yield`: the task is in the ready queue again.
            return "ready"
        if isinstance(future, asyncio.Task):
            return "waiting_task"
        if type(future).__name__ == "_GatheringFuture":
            return "waiting_all"
        state = self.offloads.get(future)
        if state is None:
            state = "waiting_task" if _is_shield(future) else "waiting_event"
        return state


def _is_shield(future: Any) -> bool:
    """Whether `asyncio.shield` made this future, which stands for a task."""
    callbacks = getattr(future, "_callbacks", None)
    return bool(callbacks) and getattr(callbacks[0][0], "__qualname__", "") == _SHIELDED


def _wrapped(wrapper: Any) -> Any:
    """The generator of an `__anext__()`, the coroutine of an `__await__()`."""
    for inner in gc.get_referents(wrapper):
        if isinstance(inner, (AsyncGeneratorType, CoroutineType)):
            return inner
    return None
