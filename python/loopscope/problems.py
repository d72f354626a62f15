"""An error of a program in words, with the program's own lines on the way to it."""

import traceback
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from .sources import Place, Program

FRAMES_MAX = 50
"""Frames of an error that are kept at each end."""

WORDS_MAX = 2_000
"""Characters of an error's message that are kept; the limit of output does not count them."""


@dataclass
class Problem:
    """An error of the program, with its line."""

    kind: str
    message: str
    place: Place | None
    #: The program's own lines on the way to it, outermost first.
    frames: list[Place] = field(default_factory=list)
    task: str | None = None


def problem_of(error: BaseException, program: Program) -> Problem:
    """An exception with the program's own lines."""
    frames = []
    if isinstance(error, SyntaxError) and error.filename == program.filename:
        if error.lineno:
            frames.append((error.filename, error.lineno))
    # A recursion may have more frames than there is memory for their places.
    last: deque[Place] = deque(maxlen=FRAMES_MAX)
    for frame, line in _walk(error):
        if program.is_own(frame.f_code.co_filename):
            if len(frames) < FRAMES_MAX:
                frames.append((frame.f_code.co_filename, line))
            else:
                last.append((frame.f_code.co_filename, line))
    frames += last
    message = _words(error)
    if isinstance(error, SyntaxError):
        message = error.msg or message
    if isinstance(error, BaseExceptionGroup):
        inner = "; ".join(f"{type(e).__name__}: {_words(e)}" for e in error.exceptions[:3])
        message = f"{message}: {inner}"
    if isinstance(error, RecursionError):
        frames = frames[:3] + frames[-1:]
    place = frames[-1] if frames else None
    return Problem(type(error).__name__, message, place, frames)


def _words(error: BaseException) -> str:
    """The message of an exception, whose `__str__` may be the program's own and fail."""
    try:
        words = str(error)
        return words if len(words) <= WORDS_MAX else f"{words[:WORDS_MAX]}…"
    except Exception as failure:
        return f"its `__str__` raises {type(failure).__name__}"


def _walk(error: BaseException) -> Any:
    return traceback.walk_tb(error.__traceback__)
