"""Durations as people write and read them: `3s`, `150ms`, `2분`; inside, whole nanoseconds."""

import re

SECOND = 1_000_000_000
MILLISECOND = 1_000_000
WEEK = 7 * 24 * 3_600 * SECOND

_UNITS = {
    "ns": 1,
    "us": 1_000,
    "µs": 1_000,
    "ms": MILLISECOND,
    "밀리초": MILLISECOND,
    "s": SECOND,
    "sec": SECOND,
    "seconds": SECOND,
    "second": SECOND,
    "초": SECOND,
    "min": 60 * SECOND,
    "minutes": 60 * SECOND,
    "분": 60 * SECOND,
    "h": 3_600 * SECOND,
    "시간": 3_600 * SECOND,
    "d": 24 * 3_600 * SECOND,
}

#: One duration with its unit, e.g. `1.5s`. A longer unit is tried before its own beginning.
PATTERN = r"\d+(?:\.\d+)?\s*(?:{})(?![A-Za-z])".format(
    "|".join(sorted(map(re.escape, _UNITS), key=len, reverse=True))
)


def parse(text: str) -> int:
    """Nanoseconds of e.g. `1.5s`. A number without a unit is seconds. Raises ValueError."""
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([^\d\s]*)\s*", text)
    unit = _UNITS.get(match[2] or "s") if match else None
    if unit is None:
        raise ValueError(f"`{text}` is no duration; write e.g. `10s`, `150ms` or `2min`")
    return round(float(match[1]) * unit)


def from_seconds(seconds: float) -> int:
    """Whole nanoseconds. Infinite and absurd lengths become the longest that is counted."""
    longest = 1_000_000 * WEEK
    if seconds != seconds:
        raise ValueError("Invalid value NaN (not a number)")
    return longest if seconds * SECOND > longest else round(seconds * SECOND)


def show(ns: int) -> str:
    """The shortest exact-looking form, e.g. `1.5s`, at most six significant digits."""
    if ns < 0:
        return "-" + show(-ns)
    if ns >= 2 * 24 * 3_600 * SECOND:
        return _trimmed(ns / (24 * 3_600 * SECOND)) + "d"
    if ns >= 2 * 3_600 * SECOND:
        return _trimmed(ns / (3_600 * SECOND)) + "h"
    if ns >= 120 * SECOND:
        return _trimmed(ns / (60 * SECOND)) + "min"
    for unit, size in (("s", SECOND), ("ms", MILLISECOND), ("µs", 1_000)):
        if ns >= size:
            return _trimmed(ns / size) + unit
    return "0s" if ns == 0 else f"{ns}ns"


def _trimmed(number: float) -> str:
    text = f"{number:.3f}".rstrip("0").rstrip(".")
    return text


def exact(ns: int) -> str:
    """A duration for a script, without rounding, e.g. `1500ms`."""
    for unit, size in (("s", SECOND), ("ms", MILLISECOND), ("us", 1_000)):
        if ns % size == 0:
            return f"{ns // size}{unit}"
    return f"{ns}ns"
