"""`loopscope.virtual_time()`: a test of asyncio code whose seconds pass in no time.

    with loopscope.virtual_time(blocking="100ms") as clock:
        asyncio.run(main())
    assert clock.now == 60.0

At the end of the block it says which lines held the event loop for longer than `blocking`, and
turns a deadlock or a limit into an error of the test.
"""

import asyncio
import functools
import inspect
import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Any, ParamSpec, TypeVar, overload

from . import durations, report
from .calls import CallRunner, Held
from .durations import SECOND
from .endings import Stop
from .errors import BlockingCallError, VirtualTimeError
from .limits import Limits
from .runner import Options
from .sources import Place

LINES_MAX = 10
"""Lines that a message names."""

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


class VirtualTime(AbstractContextManager["VirtualTime"]):
    """This process on a virtual clock, for the length of a `with` block or of a function.

    Inside, `asyncio.run` and `asyncio.Runner` use a loop on that clock, `time` and `datetime` show
    it, and threads and pools are virtual. A block can be entered again.
    """

    def __init__(self, blocking: str | float | None = None, time_limit: str = "24h") -> None:
        self.blocking_ns = _limit_ns(blocking)
        self._time_ns = durations.parse(time_limit)
        if not 0 < self._time_ns <= durations.WEEK:
            raise ValueError(f"the time limit is `{time_limit}`; write at most 7d")
        self._filename = "<test>"
        self._runner: CallRunner | None = None
        self._block: AbstractContextManager[None] | None = None

    @property
    def now(self) -> float:
        """Seconds since the beginning of the block; after it, its length."""
        if self._runner is None:
            return 0.0
        return self._runner.machine.now_ns / SECOND

    def __enter__(self) -> "VirtualTime":
        if self._block is not None:
            raise RuntimeError("this block of virtual time is entered already")
        options = Options(limits=Limits(time_ns=self._time_ns))
        runner = CallRunner(self._filename, options, captures=False)
        runner.program.barriers.update(id(code) for code in _OUTER_CODE)
        block = runner.on_virtual_clock()
        block.__enter__()
        self._runner, self._block = runner, block
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        __tracebackhide__ = True
        runner, block = self._runner, self._block
        assert runner is not None and block is not None
        self._block = None
        stopped = error if isinstance(error, Stop) else None
        if error is None:
            try:
                # What threads still do.
                runner.machine.run_to_end()
            except Stop as stop:
                stopped = stop
        reason = runner.machine.stopped or stopped
        if reason is not None:
            runner._stopped(reason)
        runner.finish()
        block.__exit__(None, None, None)
        if reason is not None:
            raise VirtualTimeError(_stop_words(runner, reason)) from None
        blocked = self._blocked(runner)
        if not blocked:
            return
        words = _blocked_words(runner, blocked, self.blocking_ns or 0)
        if error is None:
            raise BlockingCallError(words)
        # The test has failed already; this may be the reason.
        error.add_note(words)

    def _blocked(self, runner: CallRunner) -> list[Held]:
        limit_ns = self.blocking_ns
        return [] if limit_ns is None else [held for held in runner.held if held.ns > limit_ns]

    def __call__(self, function: Callable[Parameters, Result]) -> Callable[Parameters, Any]:
        """As a decorator: an `async def` becomes a function that runs it to its end."""

        @functools.wraps(function)
        def on_virtual_clock(*args: Parameters.args, **options: Parameters.kwargs) -> Any:
            __tracebackhide__ = True
            return self.call(function, *args, **options)

        return on_virtual_clock

    def call(self, function: Callable[..., Any], *args: Any, **options: Any) -> Any:
        """Calls a function within the block, and runs the coroutine that it gives."""
        __tracebackhide__ = True
        code = getattr(inspect.unwrap(function), "__code__", None)
        if code is not None:
            self._filename = code.co_filename
        with self:
            value = function(*args, **options)
            return asyncio.run(value) if inspect.iscoroutine(value) else value


_OUTER_CODE = (VirtualTime.call.__code__,)
"""Frames beyond are those of a test runner."""


@overload
def virtual_time(
    *, blocking: str | float | None = None, time_limit: str = "24h"
) -> VirtualTime: ...


@overload
def virtual_time(function: Callable[Parameters, Any], /) -> Callable[Parameters, Any]: ...


def virtual_time(
    function: Callable[..., Any] | None = None,
    /,
    *,
    blocking: str | float | None = None,
    time_limit: str = "24h",
) -> Any:
    """This process on a virtual clock, as a `with` block or as a decorator.

    `blocking` is the longest time for which a line may hold the event loop, e.g. `"100ms"`, or a
    number of seconds; without it any line may. `time_limit` ends code that never ends.
    """
    virtual = VirtualTime(blocking, time_limit)
    return virtual if function is None else virtual(function)


def _limit_ns(limit: str | float | None) -> int | None:
    if limit is None:
        return None
    return durations.parse(limit) if isinstance(limit, str) else durations.from_seconds(limit)


def _where(place: Place | None) -> str:
    """E.g. `tests/test_app.py:12`, which editors open at a click."""
    if place is None:
        return "somewhere"
    folder = os.path.join(os.getcwd(), "")
    return f"{place[0].removeprefix(folder)}:{place[1]}"


def _blocked_words(runner: CallRunner, blocked: list[Held], limit_ns: int) -> str:
    """With a line for each place, e.g. `tests/test_app.py:12: 5s: time.sleep(5)`."""
    longest: dict[Place | None, Held] = {}
    times: dict[Place | None, int] = {}
    for held in blocked:
        times[held.place] = times.get(held.place, 0) + 1
        if held.ns > longest.setdefault(held.place, held).ns:
            longest[held.place] = held
    who = "a line holds" if len(longest) == 1 else f"{len(longest)} lines hold"
    lines = [f"{who} the event loop for longer than {durations.show(limit_ns)}, the limit"]
    for held in sorted(longest.values(), key=lambda held: -held.ns)[:LINES_MAX]:
        often = f"{times[held.place]} × " if times[held.place] > 1 else ""
        source = runner.program.line(held.place)
        lines.append(f"{_where(held.place)}: {often}{durations.show(held.ns)}: {source}")
    return "\n".join(lines)


def _stop_words(runner: CallRunner, reason: Stop) -> str:
    if reason.ending != "deadlock":
        return reason.message
    lines = ["deadlock: nothing can happen any more, and the test still waits"]
    for instance in runner.result.waiting[:LINES_MAX]:
        words = report.WAITS.get(instance.state, "waits")
        source = runner.program.line(instance.place)
        lines.append(f"{_where(instance.place)}: `{instance.name}` {words}: {source}")
    return "\n".join(lines)
