"""What the program prints, with the virtual time of each line, up to a limit."""

import io
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from .endings import LimitReached
from .machine import Machine, at
from .watcher import Watcher

OUTPUT_MAX = 1_000_000
"""Characters of one run; more than anyone reads."""


class Output:
    """The lines of standard output and standard error."""

    def __init__(self, machine: Machine, watcher: Watcher, limit: int = OUTPUT_MAX) -> None:
        self.machine = machine
        self.watcher = watcher
        self.limit = limit
        self.length = 0
        # (nanoseconds, instance, stream, text without its newline, place)
        self.lines: list[tuple[int, int, str, str, Any]] = []
        self.on_line: Callable[[int, str, str], None] | None = None
        self.is_open = True
        # Pieces of a line; joined at its end, so that many small ones cost no more than one.
        self._unfinished: dict[str, list[str]] = defaultdict(list)

    def write(self, stream: str, text: str) -> None:
        if not self.is_open:
            return
        self.length += len(text)
        machine = self.machine
        if self.length > self.limit:
            place = machine.place_of_caller()
            words = f"{at(place)}the program printed more than {self.limit:,} characters, the limit"
            raise machine.stop(LimitReached(words))
        # `print` writes a text and its end; a line is printed where it ends.
        place = machine.place_of_caller() if "\n" in text else None
        if machine.current is machine.main:
            self._append(stream, text, place)
        else:
            machine.emit(lambda: self._append(stream, text, place))

    def _append(self, stream: str, text: str, place: Any) -> None:
        pieces = self._unfinished[stream]
        first, *others = text.split("\n")
        pieces.append(first)
        if not others:
            return
        *lines, rest = others
        lines.insert(0, "".join(pieces))
        self._unfinished[stream] = [rest]
        for line in lines:
            self._line(stream, line, place)

    def _line(self, stream: str, line: str, place: Any) -> None:
        at_ns, who, *_ = self.watcher.mark("printed", place)
        self.lines.append((at_ns, who, stream, line, place))
        if self.on_line is not None:
            self.on_line(at_ns, stream, line)

    def close(self) -> None:
        """Ends lines without a newline; what is written later is not kept."""
        if not self.is_open:
            return
        for stream, pieces in self._unfinished.items():
            rest = "".join(pieces)
            if rest:
                self._line(stream, rest, None)
        self._unfinished.clear()
        self.is_open = False


class Stream(io.TextIOBase):
    """Stands for `sys.stdout` or `sys.stderr`."""

    encoding = "utf-8"
    errors = "replace"

    def __init__(self, output: Output, name: str) -> None:
        super().__init__()
        self._output = output
        self.name = f"<{name}>"
        self._stream = name
        self.buffer = _Bytes(self)

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._output.write(self._stream, text)
        return len(text)

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return False

    def reconfigure(self, **options: Any) -> None:
        """Programs set the encoding of their output; here it is always text."""


class _Bytes(io.RawIOBase):
    def __init__(self, stream: Stream) -> None:
        super().__init__()
        self._stream = stream

    def write(self, data: Any) -> int:
        self._stream.write(bytes(data).decode("utf-8", "replace"))
        return len(data)

    def writable(self) -> bool:
        return True
