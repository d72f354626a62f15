"""What a program may ask of the world outside, and the answer.

A run changes nothing outside: it writes no file, opens no connection, starts no process, and
has no keyboard. Files are read as they are; what is written goes to memory and can be read again
in the same run, renamed and removed; a real file cannot. Everything else ends the run with words.
"""

import atexit
import builtins
import contextlib
import errno
import functools
import io
import linecache
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable
from types import FrameType
from typing import Any

from .durations import MILLISECOND, SECOND
from .endings import Refused, Stop
from .machine import Machine, at
from .patches import EPOCH_NS, Replacements, on_this_thread
from .sources import Program

OPEN_NS = 10 * MILLISECOND
INPUT_NS = SECOND
"""The usual times of the table of libraries (stand_ins/library.txt)."""


_CHANGES = ("chown", "lchown", "link", "symlink", "truncate", "mkfifo", "mknod")
"""Functions of `os` that change a file by its name, besides those that work in memory."""


class Exit(Stop):
    """The program ended Python itself, by `os._exit` or `os.abort`."""

    ending = "exit"


class ExitCalls:
    """What the program registered by `atexit`. A library's functions are for the end of the process."""

    def __init__(self, program: Program) -> None:
        self._program = program
        # The function, and its call.
        self._calls: list[tuple[Any, Callable[[], Any]]] = []

    def next(self) -> Callable[[], Any] | None:
        """The last one, which is called first."""
        return self._calls.pop()[1] if self._calls else None

    def collect(self, changes: Replacements) -> None:
        real_register, real_unregister = atexit.register, atexit.unregister

        def register(function: Any, /, *args: Any, **options: Any) -> Any:
            if not self._program.is_own(sys._getframe(1).f_code.co_filename):
                return real_register(function, *args, **options)
            self._calls.append((function, functools.partial(function, *args, **options)))
            return function

        def unregister(function: Any) -> None:
            self._calls[:] = [entry for entry in self._calls if entry[0] != function]
            real_unregister(function)

        changes.set(atexit, "register", register)
        changes.set(atexit, "unregister", unregister)


def shut(
    changes: Replacements,
    machine: Machine,
    program: Program,
    lines: list[str],
    note: Callable,
    has_command_line: bool = True,
) -> None:
    """Replaces what reaches outside. `lines` are the answers to `input()`. Messages name options
    of the command line if there is one."""
    _files(changes, machine, program, note)
    _keyboard(changes, machine, lines, note, has_command_line)
    shut_network(changes, machine, has_command_line)
    _processes(changes, machine)


def _files(changes: Replacements, machine: Machine, program: Program, note: Callable) -> None:
    real_open = builtins.open
    written: dict[str, bytes] = {}
    descriptors = _names(changes, machine, written, note)

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
        writes = any(letter in mode for letter in "wax+")
        if writes and opener is not None:
            # E.g. `NamedTemporaryFile`, whose opener chooses the name.
            file = opener(file, os.O_RDWR | os.O_CREAT)
        path = descriptors.get(file) or _path(file) if isinstance(file, int) else _path(file)
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


def _names(
    changes: Replacements, machine: Machine, written: dict[str, bytes], note: Callable
) -> dict[int, str]:
    """What `os` does to files and folders happens to those in memory; asked to change a real one
    it ends the run. Gives the path of each descriptor that stands for a file in memory."""
    real_open, real_write, real_lstat = os.open, os.write, os.lstat
    # Its first call writes a file to find the folder.
    tempfile.gettempdir()
    folders: set[str] = set()
    descriptors: dict[int, str] = {}
    what = (
        "changes files, and a run changes none. Only files that this run has written can be "
        "changed. Leave the call out, or run the program for real."
    )

    def exists(path: str) -> bool:
        with contextlib.suppress(OSError, ValueError):
            return bool(real_lstat(path))
        return False

    def found(path: Any, name: str, options: dict[str, Any]) -> str:
        """The path of a file in memory."""
        path = _path(path)
        if path in written and not options:
            return path
        if not exists(path):
            raise FileNotFoundError(2, "No such file or directory", path)
        return _refusal(machine, f"os.{name}", what)()

    def is_taken(path: str) -> bool:
        return path in written or path in folders or exists(path)

    def stat_of(real: Callable[..., Any]) -> Callable[..., Any]:
        def stat(path: Any, **options: Any) -> Any:
            if isinstance(path, int):
                return real(path, **options)
            name = _path(path)
            if name not in folders and name not in written:
                return real(path, **options)
            mode = 0o40755 if name in folders else 0o100644
            seconds = EPOCH_NS // SECOND
            size = len(written.get(name, b""))
            return os.stat_result((mode, 0, 0, 1, 0, 0, size, seconds, seconds, seconds))

        return stat

    def touch(name: str) -> Callable[..., None]:
        return lambda path, *args, **options: found(path, name, {}) and None

    def mkdir(path: Any, mode: int = 0o777, **options: Any) -> None:
        path = _path(path)
        if is_taken(path):
            raise FileExistsError(17, "File exists", path)
        parent = os.path.dirname(path)
        if parent not in folders and not exists(parent):
            raise FileNotFoundError(2, "No such file or directory", path)
        note(machine.place_of_caller(), f"`{path}` is made in memory only: a run changes no file")
        folders.add(path)

    def rmdir(path: Any, **options: Any) -> None:
        path = _path(path)
        if path not in folders:
            found(path, "rmdir", options)
        if any(name.startswith(path + os.sep) for name in [*written, *folders]):
            raise OSError(errno.ENOTEMPTY, "Directory not empty", path)
        folders.discard(path)

    def remove(path: Any, **options: Any) -> None:
        path = found(path, "remove", options)
        if exists(path):
            # Written over a real file, which would be seen again.
            _refusal(machine, "os.remove", what)()
        del written[path]

    def rename(source: Any, target: Any, **options: Any) -> None:
        source = found(source, "rename", options)
        if exists(source):
            _refusal(machine, "os.rename", what)()
        written[_path(target)] = written.pop(source)

    def open_(path: Any, flags: int, *args: Any, **options: Any) -> int:
        if not flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT) or path == os.devnull:
            descriptor = real_open(path, flags, *args, **options)
            descriptors.pop(descriptor, None)
            return descriptor
        path = _path(path)
        if flags & os.O_CREAT:
            if flags & os.O_EXCL and is_taken(path):
                raise FileExistsError(17, "File exists", path)
            if not exists(path):
                written.setdefault(path, b"")
        elif path not in written and not exists(path):
            raise FileNotFoundError(2, "No such file or directory", path)
        words = f"`{path}` is written into memory only: a run changes no file"
        note(machine.place_of_caller(), words)
        descriptor = real_open(os.devnull, os.O_RDWR)
        descriptors[descriptor] = path
        return descriptor

    def write(descriptor: int, data: Any) -> int:
        if descriptor in (1, 2):
            return (sys.stdout if descriptor == 1 else sys.stderr).buffer.write(data)
        if descriptor in descriptors:
            path = descriptors[descriptor]
            written[path] = written.get(path, b"") + bytes(data)
        return real_write(descriptor, data)

    for name, function in [
        ("mkdir", mkdir),
        ("rmdir", rmdir),
        ("remove", remove),
        ("unlink", remove),
        ("rename", rename),
        ("replace", rename),
        ("open", open_),
        ("write", write),
        ("stat", stat_of(os.stat)),
        ("lstat", stat_of(os.lstat)),
        ("chmod", touch("chmod")),
        ("utime", touch("utime")),
    ]:
        changes.set(os, name, function)
    for name in _CHANGES:
        if hasattr(os, name):
            changes.set(os, name, _refusal(machine, f"os.{name}", what))
    # Python itself writes the compiled modules of the program.
    changes.set(sys, "dont_write_bytecode", True)
    return descriptors


def _is_asked_by_program(program: Program, frame: FrameType | None) -> bool:
    """Whether the program opens the file, itself or by a call such as `Path.read_text`; and not
    a library of its own accord, or an import."""
    while frame is not None:
        filename = frame.f_code.co_filename
        if program.is_own(filename):
            return True
        # A traceback reads the lines that it shows.
        is_foreign = filename.startswith("<frozen importlib") or "site-packages" in filename
        if is_foreign or filename == linecache.getlines.__code__.co_filename:
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


def _keyboard(
    changes: Replacements,
    machine: Machine,
    lines: list[str],
    note: Callable,
    has_command_line: bool,
) -> None:
    answers = iter(lines)
    hint = ": `--input TEXT` gives it one line" if has_command_line else ""

    def input_(prompt: object = "") -> str:
        place = machine.place_of_caller()
        machine.hold("blocking", INPUT_NS, place)
        if prompt:
            sys.stdout.write(str(prompt))
        try:
            answer = next(answers)
        except StopIteration:
            note(place, f"`input()` has no answer{hint}")
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


def _refuse(changes: Replacements, owner: Any, name: str, refusal: Callable[..., Any]) -> None:
    changes.set(owner, name, on_this_thread(owner, name, refusal))


def shut_network(changes: Replacements, machine: Machine, has_command_line: bool = False) -> None:
    """Refuses other machines and other processes, which know no virtual clock."""
    _refuse_processes(changes, machine)
    _network(changes, machine, has_command_line)


def _refuse_processes(changes: Replacements, machine: Machine) -> None:
    what = (
        "starts another process. A run on the virtual clock starts none; "
        "use `subprocess`, which has a stand-in, or run the program for real."
    )
    names = ["fork", "forkpty", "system", "popen", "posix_spawn", "posix_spawnp"]
    names += [name for name in dir(os) if name.startswith(("exec", "spawn"))]
    for name in names:
        if hasattr(os, name):
            _refuse(changes, os, name, _refusal(machine, f"os.{name}", what))
    _refuse(changes, subprocess.Popen, "__init__", _refusal(machine, "subprocess.Popen", what))


def _processes(changes: Replacements, machine: Machine) -> None:
    """The program's own process."""

    def exit_(status: int = 0) -> None:
        place = machine.place_of_caller()
        raise machine.stop(Exit(f"{at(place)}the program ended Python by `os._exit({status})`"))

    changes.set(os, "_exit", exit_)
    changes.set(os, "abort", lambda: exit_(134))


def _network(changes: Replacements, machine: Machine, has_command_line: bool) -> None:
    example = ", e.g. `--stand-in requests`" if has_command_line else ""
    what = (
        "needs the network. On the virtual clock nothing comes from outside; "
        f"use a stand-in for the library{example}, or run the program for real."
    )
    for name in ("connect", "connect_ex", "bind", "listen"):
        _refuse(changes, socket.socket, name, _refusal(machine, f"socket.{name}", what))
    for name in ("getaddrinfo", "gethostbyname", "create_connection", "create_server"):
        _refuse(changes, socket, name, _refusal(machine, f"socket.{name}", what))
