"""The program `loopscope`, which simulates scripts, finds what makes a run slow, and draws charts.

It is the one of the variable `LOOPSCOPE_PROGRAM`, the one that was installed with this package, or
the one on PATH.
"""

import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Sequence

from .errors import CompanionMissing, LoopscopeError, ScriptError

VARIABLE = "LOOPSCOPE_PROGRAM"
NAME = "loopscope"

_EXIT_INVALID = 3
_EXITS_WITH_RESULT = (0, 1, 4)
"""Everything holds; an expectation failed; a limit was reached. The result is there each time."""


def named() -> str | None:
    """The program that the variable names."""
    return os.environ.get(VARIABLE) or None


def beside() -> str | None:
    """The program in the folder of programs of this Python, where pip puts it."""
    folders = [sysconfig.get_path("scripts")]
    user = f"{os.name}_user"
    if user in sysconfig.get_scheme_names():
        folders.append(sysconfig.get_path("scripts", user))
    return shutil.which(NAME, path=os.pathsep.join(filter(None, folders)))


def is_installed() -> bool:
    """Whether pip installed this package, and not a clone's folder is on the path."""
    folders = os.path.abspath(__file__).split(os.sep)
    return "site-packages" in folders or "dist-packages" in folders


def find() -> str | None:
    """The path of the program, if it is there."""
    chosen = named()
    if chosen is not None:
        return shutil.which(chosen)
    return beside() or shutil.which(NAME)


def program(purpose: str) -> str:
    """The path of the program. `purpose` completes the message, e.g. "draws charts"."""
    found = find()
    if found is not None:
        return found
    chosen = named()
    if chosen is not None:
        raise CompanionMissing(f"{VARIABLE} is `{chosen}`, which is no program")
    raise CompanionMissing(
        f"the program `loopscope`, which {purpose}, was not found. The wheels for Linux and macOS have "
        f"it; or build it (docs/python-api.md), and put it on PATH or into {VARIABLE}"
    )


def environment() -> dict[str, str]:
    """The program runs Python programs with this Python."""
    return {"LOOPSCOPE_PYTHON": sys.executable, **os.environ}


def ask(purpose: str, arguments: Sequence[str], text: bytes = b"") -> bytes:
    """What the program prints. Raises ScriptError for a script with errors."""
    done = subprocess.run(
        [program(purpose), *arguments, "--color", "never"],
        input=text,
        capture_output=True,
        env=environment(),
        check=False,
    )
    if done.returncode in _EXITS_WITH_RESULT:
        return done.stdout
    words = done.stderr.decode("utf-8", "replace").strip()
    if done.returncode == _EXIT_INVALID:
        raise ScriptError(words)
    raise LoopscopeError(words or f"`loopscope` ended with exit code {done.returncode}")


def draw(arguments: Sequence[str], text: bytes) -> str:
    """The SVG that a command writes by `-o`."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "chart.svg")
        ask("draws charts", [*arguments, "-o", path], text)
        with open(path, encoding="utf-8") as file:
            return file.read()
