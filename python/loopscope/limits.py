"""Bounds of a run, so that every program gets an answer.

Time, steps and output are counted where they happen (`machine.py`, `watcher.py`, `output.py`).
Here is the one for computing that never comes back, e.g. `while True: pass`: a signal where
there are signals, else a count of turns, i.e. of calls and of jumps backwards. A loop inside C
code, e.g. `sum(itertools.repeat(0))`, takes no turns: only ending the process or the worker
ends it.
"""

import asyncio
import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import CodeType, FrameType
from typing import Any

from .durations import SECOND
from .endings import LimitReached
from .machine import Machine, at
from .output import OUTPUT_MAX

# The run replaces `time.perf_counter`.
_real_time = time.perf_counter


@dataclass
class Limits:
    """How much a run may come to."""

    #: Of the program's own time, in nanoseconds.
    time_ns: int = 24 * 3_600 * SECOND
    #: Of tasks, and callbacks of the event loop.
    steps: int = 1_000_000
    #: Characters of output.
    output: int = OUTPUT_MAX
    #: Real seconds of computing.
    real_seconds: float = 20.0
    #: Calls and backward jumps of loops, where there are no signals.
    turns: int = 20_000_000
    #: Whether turns are counted although there are signals.
    counts_turns: bool = False
    #: Bytes of memory; only the terminal's child process keeps to it.
    memory_bytes: int = 2 << 30


READING = 10_000
"""Turns between two readings of the real clock, which cost more than a turn."""

_UNCOUNTED = tuple(
    os.path.join(os.path.dirname(code.co_filename), "")
    # Not `asyncio.run`, which Pyodide replaces.
    for code in (Machine.stop.__code__, asyncio.Handle._run.__code__)
)
"""Folders of code whose turns the limit of steps bounds: this package, and asyncio."""


@contextlib.contextmanager
def bounded(limits: Limits, machine: Machine) -> Iterator[None]:
    """Ends computing that takes too long in real time."""
    begin = _real_time()

    def stop(words: str) -> None:
        place = machine.place_of_caller()
        raise machine.stop(LimitReached(f"{at(place)}the program {words}, the limit"))

    def stop_late() -> None:
        stop(f"still computes after {limits.real_seconds:g} s of real time")

    count = 0

    def pause() -> None:
        """Looks whether it is enough, after each `READING` turns."""
        nonlocal count
        count += READING
        if _real_time() - begin > limits.real_seconds:
            stop_late()
        if count > limits.turns:
            # What cleans up afterwards takes turns as well.
            count = 0
            stop(f"takes more than {limits.turns:,} turns of loops and calls")

    is_main = threading.current_thread() is threading.main_thread()
    has_alarm = hasattr(signal, "setitimer") and is_main and sys.platform != "emscripten"
    if has_alarm and not limits.counts_turns:
        manager = _alarm(limits.real_seconds, stop_late)
    elif hasattr(sys, "monitoring"):
        manager = _monitored(pause)
    else:
        manager = _traced(pause)
    with manager:
        yield


@contextlib.contextmanager
def _alarm(seconds: float, stop: Callable[[], None]) -> Iterator[None]:
    def on_alarm(number: int, frame: Any) -> None:
        stop()

    # CPU time, so that a busy machine does not end a program early.
    timer, number = signal.ITIMER_PROF, signal.SIGPROF

    # The machine of the run is put back before this ends, so the names are the real ones.
    before = signal.signal(number, on_alarm)
    # A program may catch the exception in a loop, so the signal comes again.
    signal.setitimer(timer, seconds, 0.5)
    try:
        yield
    finally:
        signal.setitimer(timer, 0)
        signal.signal(number, before)


@contextlib.contextmanager
def _monitored(pause: Callable[[], None]) -> Iterator[None]:
    """Counts turns by `sys.monitoring`, which Python has since 3.12."""
    monitoring = sys.monitoring
    # A debugger or a profiler may use some of the six numbers; 3 and 4 have no fixed meaning.
    free = [number for number in (3, 4, 2, 5) if monitoring.get_tool(number) is None]
    if not free:
        yield
        return
    tool = free[0]
    left = READING
    # By `id`: asking for a file name each time would take longer than the rest.
    counted: set[int] = set()

    def counts(code: CodeType) -> bool:
        if code.co_filename.startswith(_UNCOUNTED):
            return False
        counted.add(id(code))
        return True

    def on_jump(code: CodeType, source: int, target: int) -> Any:
        nonlocal left
        if target > source or id(code) not in counted and not counts(code):
            return monitoring.DISABLE
        left -= 1
        if not left:
            left = READING
            pause()

    def on_start(code: CodeType, offset: int) -> Any:
        nonlocal left
        if id(code) not in counted and not counts(code):
            return monitoring.DISABLE
        left -= 1
        if not left:
            left = READING
            pause()

    events = monitoring.events
    callbacks = {events.JUMP: on_jump, events.PY_START: on_start}
    monitoring.use_tool_id(tool, "loopscope")
    for event, callback in callbacks.items():
        monitoring.register_callback(tool, event, callback)
    monitoring.set_events(tool, events.JUMP | events.PY_START)
    try:
        yield
    finally:
        monitoring.set_events(tool, 0)
        for event in callbacks:
            monitoring.register_callback(tool, event, None)
        monitoring.free_tool_id(tool)


@contextlib.contextmanager
def _traced(pause: Callable[[], None]) -> Iterator[None]:
    """Counts calls and lines, which are at least as many.

    Python ends the tracing when `pause` raises: a program that catches it and goes on, goes on for
    ever. `sys.monitoring` does not end.
    """
    left = READING

    def turn() -> None:
        nonlocal left
        left -= 1
        if not left:
            left = READING
            pause()

    def on_line(frame: FrameType, event: str, argument: Any) -> Any:
        if event == "line":
            turn()
        return on_line

    def on_call(frame: FrameType, event: str, argument: Any) -> Any:
        if frame.f_code.co_filename.startswith(_UNCOUNTED):
            return None
        turn()
        return on_line

    before = sys.gettrace()
    sys.settrace(on_call)
    try:
        yield
    finally:
        sys.settrace(before)
