"""Bounds of a run, so that every program gets an answer.

Time, steps and output are counted where they happen (`machine.py`, `watcher.py`, `output.py`).
Here is the one for computing that never comes back, e.g. `while True: pass`: a signal where
there are signals, else a count of jumps by `sys.monitoring`.
"""

import contextlib
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import CodeType
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
    #: Backward jumps of loops in one step, where there are no signals.
    jumps: int = 20_000_000
    #: Bytes of memory; only the terminal's child process keeps to it.
    memory_bytes: int = 2 << 30


@contextlib.contextmanager
def bounded(limits: Limits, machine: Machine) -> Iterator[None]:
    """Ends computing that takes too long in real time."""
    begin = _real_time()

    def stop() -> None:
        place = machine.place_of_caller()
        seconds = f"{limits.real_seconds:g} s"
        reason = LimitReached(
            f"{at(place)}the program still computes after {seconds} of real time, the limit"
        )
        raise machine.stop(reason)

    is_main = threading.current_thread() is threading.main_thread()
    if hasattr(signal, "setitimer") and is_main and sys.platform != "emscripten":
        manager = _alarm(limits.real_seconds, stop)
    elif hasattr(sys, "monitoring"):
        manager = _jumps(limits.jumps, lambda: _real_time() - begin > limits.real_seconds, stop)
    else:
        manager = contextlib.nullcontext()
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
def _jumps(most: int, is_late: Callable[[], bool], stop: Callable[[], None]) -> Iterator[None]:
    monitoring = sys.monitoring
    # A debugger or a profiler may use some of the six numbers; 3 and 4 have no fixed meaning.
    free = [number for number in (3, 4, 2, 5) if monitoring.get_tool(number) is None]
    if not free:
        yield
        return
    tool = free[0]
    count = 0

    def on_jump(code: CodeType, source: int, target: int) -> None:
        nonlocal count
        if target > source:
            return
        count += 1
        # Reading the clock at each jump would cost more than the jump.
        if count > most or (count % 10_000 == 0 and is_late()):
            # What cleans up afterwards jumps as well.
            count = 0
            stop()

    monitoring.use_tool_id(tool, "loopscope")
    monitoring.register_callback(tool, monitoring.events.JUMP, on_jump)
    monitoring.set_events(tool, monitoring.events.JUMP)
    try:
        yield
    finally:
        monitoring.set_events(tool, 0)
        monitoring.register_callback(tool, monitoring.events.JUMP, None)
        monitoring.free_tool_id(tool)
