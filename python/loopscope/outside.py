"""What a program may ask of the world outside, and the answer.

A run changes nothing outside: it writes no file, opens no connection, starts no process, and
has no keyboard. Files are read as they are; what is written goes to memory and can be read again
in the same run. Everything else ends the run with words.
"""

import builtins
import io
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

from .durations import MILLISECOND, SECOND
from .endings import Refused, Stop
from .machine import Machine, at
from .patches import Replacements
from .sources import Program

OPEN_NS = 10 * MILLISECOND
INPUT_NS = SECOND
"""The usual times of the table of libraries (stand_ins/library.txt)."""


class Exit(Stop):
    """The program ended Python itself, by `os._exit` or `os.abort`."""

    ending = "exit"


def shut(
    changes: Replacements, machine: Machine, program: Program, lines: list[str], note: Callable
) -> None:
    """Replaces what reaches outside. `lines` are the answers to `input()`."""
    _files(changes, machine, program, note)
    _keyboard(changes, machine, lines, note)
    _processes(changes, machine)
    _network(changes, machine)


def _files(changes: Replacements, machine: Machine, program: Program, note: Callable) -> None:
    real_open = builtins.open
    written: dict[str, bytes] = {}

    def open_(
        file: Any,
        mode: str = "r",
        buffering: int = -1,
        encoding: str | None = None,
        errors: str | None = None,
        newline: str | None = None,
        closefd: bool = True,
        opener: Any = None,
    ) -> Any:
        place = machine.place_of_caller()
        if machine.stopped is None and _is_asked_by_program(program, sys._getframe(1)):
            machine.hold("blocking", OPEN_NS, place)
        path = _path(file)
        writes = any(letter in mode for letter in "wax+")
        if not writes and path not in written:
            return real_open(file, mode, buffering, encoding, errors, newline, closefd, opener)
        if writes:
            note(place, f"`{path}` is written into memory only: a run changes no file")
        raw = _MemoryFile(path, mode, written, real_open)
        if "b" in mode:
            return raw
        text = io.TextIOWrapper(raw, encoding or "utf-8", errors, newline, write_through=True)
        text.mode = mode
        return text

    changes.set(builtins, "open", open_)
    changes.set(io, "open", open_)


def _is_asked_by_program(program: Program, frame: FrameType | None) -> bool:
    """Whether the program opens the file, itself or by a call such as `Path.read_text`; and not
    a library of its own accord, or an import."""
    while frame is not None:
        filename = frame.f_code.co_filename
        if program.is_own(filename):
            return True
        if filename.startswith("<frozen importlib") or "site-packages" in filename:
            return False
        frame = frame.f_back
    return False


def _path(file: Any) -> str:
    if isinstance(file, int):
        return f"<descriptor {file}>"
    return os.path.abspath(os.fsdecode(file))


class _MemoryFile(io.BytesIO):
    """A file that exists for the length of the run."""

    def __init__(self, path: str, mode: str, written: dict[str, bytes], real_open: Any) -> None:
        before = b"" if "w" in mode else written.get(path)
        if before is None:
            try:
                with real_open(path, "rb") as file:
                    before = file.read()
            except OSError:
                if "r" in mode:
                    raise
                before = b""
        elif "x" in mode and path in written:
            raise FileExistsError(17, "File exists", path)
        super().__init__(before)
        if "a" in mode:
            self.seek(0, io.SEEK_END)
        self.name = path
        self.mode = mode
        self._path, self._written = path, written
        written[path] = before

    def close(self) -> None:
        if not self.closed:
            self._written[self._path] = self.getvalue()
        super().close()

    def flush(self) -> None:
        if not self.closed:
            self._written[self._path] = self.getvalue()

    def fileno(self) -> int:
        raise io.UnsupportedOperation("a file in memory has no descriptor")


def _keyboard(changes: Replacements, machine: Machine, lines: list[str], note: Callable) -> None:
    answers = iter(lines)

    def input_(prompt: object = "") -> str:
        place = machine.place_of_caller()
        machine.hold("blocking", INPUT_NS, place)
        if prompt:
            sys.stdout.write(str(prompt))
        try:
            answer = next(answers)
        except StopIteration:
            note(place, "`input()` has no answer: `--input TEXT` gives it one line")
            raise EOFError("EOF when reading a line") from None
        sys.stdout.write(answer + "\n")
        return answer

    changes.set(builtins, "input", input_)
    changes.set(sys, "stdin", io.StringIO("".join(line + "\n" for line in lines)))
    changes.set(
        sys, "breakpointhook", lambda *args, **options: note(None, "`breakpoint()` is ignored")
    )


def _refusal(machine: Machine, name: str, what: str) -> Callable[..., Any]:
    def refuse(*args: Any, **options: Any) -> Any:
        place = machine.place_of_caller()
        raise machine.stop(Refused(f"{at(place)}`{name}` {what}"))

    return refuse


def _processes(changes: Replacements, machine: Machine) -> None:
    what = (
        "starts another process. A run on the virtual clock starts none; "
        "use a stand-in, e.g. `--stand-in subprocess`, or run the program for real."
    )
    names = ["fork", "forkpty", "system", "popen", "posix_spawn", "posix_spawnp"]
    names += [name for name in dir(os) if name.startswith(("exec", "spawn"))]
    for name in names:
        if hasattr(os, name):
            changes.set(os, name, _refusal(machine, f"os.{name}", what))
    changes.set(subprocess.Popen, "__init__", _refusal(machine, "subprocess.Popen", what))

    def exit_(status: int = 0) -> None:
        place = machine.place_of_caller()
        raise machine.stop(Exit(f"{at(place)}the program ended Python by `os._exit({status})`"))

    changes.set(os, "_exit", exit_)
    changes.set(os, "abort", lambda: exit_(134))


def _network(changes: Replacements, machine: Machine) -> None:
    what = (
        "needs the network. On the virtual clock nothing comes from outside; "
        "use a stand-in for the library, e.g. `--stand-in requests`, or run the program for real."
    )
    for name in ("connect", "connect_ex", "bind", "listen"):
        refusal = _refusal(machine, f"socket.{name}", what)
        changes.set(socket.socket, name, refusal)
    for name in ("getaddrinfo", "gethostbyname", "create_connection", "create_server"):
        changes.set(socket, name, _refusal(machine, f"socket.{name}", what))
