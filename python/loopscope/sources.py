"""The program's own files, and what it says in comments.

A place in the program is `(file, line)`. Comments that count:

- `# cpu 3s`: the statement on this line computes that long;
- `# 2s`, `# takes 2s`: a stand-in called on this line takes that long;
- `# run 100 GET /ping every 10ms`: requests for the program's app.
"""

import io
import os
import re
import sys
import tokenize
from types import CodeType, FrameType

from . import durations

_LENGTH = re.compile(
    rf"#\s*(?P<kind>cpu|await|block|takes)?\s*~?(?P<length>{durations.PATTERN})", re.IGNORECASE
)
_MAY_COUNT = re.compile(r"#\s*(run\b|cpu|await|block|takes|~?\d)", re.IGNORECASE)
_OWN_FOLDER = os.path.dirname(os.path.abspath(__file__))

Place = tuple[str, int]


class Program:
    """The source of the program, its folder and its comments."""

    def __init__(self, filename: str, source: str) -> None:
        self.filename = filename
        self.source = source
        folder = os.path.dirname(os.path.abspath(filename))
        # A program without a folder of its own, e.g. from the page, has no other files.
        self.folder = os.path.join(folder, "") if os.path.exists(filename) else None
        self.comments = comments(source)
        self._own: dict[str, bool] = {}
        # The `id` of code that calls the program, e.g. a virtual thread's function: frames beyond
        # belong to other code.
        self.barriers: set[int] = set()

    def is_own(self, filename: str) -> bool:
        """Whether a file belongs to the program and not to Python, a library or this package."""
        own = self._own.get(filename)
        if own is None:
            own = self._own[filename] = self._decide(filename)
        return own

    def owns(self, code: CodeType) -> bool:
        """Whether a function belongs to the program."""
        return self.is_own(code.co_filename)

    def _decide(self, filename: str) -> bool:
        if filename == self.filename:
            return True
        path = os.path.abspath(filename)
        if path == os.path.abspath(self.filename):
            return True
        if self.folder is None or filename.startswith("<") or path.startswith(_OWN_FOLDER):
            return False
        foreign = ("site-packages", "dist-packages", os.path.dirname(os.__file__))
        return path.startswith(self.folder) and not any(part in path for part in foreign)

    def place(self, frame: FrameType | None = None) -> Place | None:
        """The innermost own line on the stack."""
        frame = frame or sys._getframe(1)
        while frame is not None:
            code = frame.f_code
            if self.owns(code):
                return (code.co_filename, frame.f_lineno)
            if id(code) in self.barriers:
                return None
            frame = frame.f_back
        return None

    def length_at(self, place: Place | None) -> int | None:
        """What a comment says about the calls of its line, e.g. `# 2s`."""
        if place is None or place[0] != self.filename:
            return None
        match = _LENGTH.match(self.comments.get(place[1], ""))
        return durations.parse(match["length"]) if match else None

    def line(self, place: Place | None) -> str:
        """The text of a line, without its indentation."""
        if place is None:
            return ""
        lines = _lines(self.source) if place[0] == self.filename else file_lines(place[0])
        return lines[place[1] - 1].strip() if 0 < place[1] <= len(lines) else ""

    def cpu_lines(self) -> dict[int, int]:
        """The lines with a comment such as `# cpu 3s`, and their nanoseconds."""
        found = {}
        for line, text in self.comments.items():
            match = _LENGTH.match(text)
            if match and (match["kind"] or "").lower() == "cpu":
                found[line] = durations.parse(match["length"])
        return found


_texts: dict[str, list[str]] = {}


def file_lines(filename: str) -> list[str]:
    """The lines of a file of the program; none if it cannot be read."""
    if filename not in _texts:
        try:
            with tokenize.open(filename) as file:
                _texts[filename] = file.read().splitlines()
        except (OSError, SyntaxError, UnicodeDecodeError):
            _texts[filename] = []
    return _texts[filename]


def _lines(source: str) -> list[str]:
    key = f"<source {hash(source)}>"
    if key not in _texts:
        _texts[key] = source.splitlines()
    return _texts[key]


def comments(source: str) -> dict[int, str]:
    """The comment of each line that has one, if any of them may count. Stops quietly at text that
    is no Python."""
    found: dict[int, str] = {}
    # Most programs have none, and to read all tokens takes longer than to compile.
    if not _MAY_COUNT.search(source):
        return found
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.COMMENT:
                found[token.start[0]] = token.string
    except (tokenize.TokenError, SyntaxError, IndentationError):
        pass
    return found


def read(filename: str) -> str:
    """The text of a file in the encoding that it declares (PEP 263)."""
    with open(filename, "rb") as file:
        return decode(file.read())


def decode(data: bytes) -> str:
    """Raises SyntaxError, as Python does, for text that is not in its encoding."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        text = io.TextIOWrapper(io.BytesIO(data), encoding, line_buffering=True).read()
    except (UnicodeDecodeError, SyntaxError) as error:
        wrong = f"the file is not in {getattr(error, 'encoding', 'UTF-8')}"
        if str(error).startswith("unknown encoding"):
            wrong = str(error)
        raise SyntaxError(
            f"{wrong}; save it as UTF-8, or name its encoding in the "
            "first line, e.g. `# -*- coding: cp949 -*-`"
        ) from None
    return text.removeprefix("\ufeff")
