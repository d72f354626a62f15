"""`%load_ext loopscope`: cells of a notebook as scripts, and as Python on the virtual clock.

    %%loopscope
    make_pasta: cpu 3 -> await 5
    make_toast: cpu 6

simulates a script. `%%loopscope python` runs the cell with the notebook's own names; `await` may
stand at the top. Both give a `loopscope.Run`, which the notebook shows as a chart.
"""

import ast
import functools
import itertools
import linecache
import shlex
import types
from typing import Any

from . import api, calls, computing, sources
from .errors import LoopscopeError

_USAGE = "write `%%loopscope`, `%%loopscope --seed 7` or `%%loopscope python`"

_numbers = itertools.count(1)


def load_ipython_extension(shell: Any) -> None:
    """What `%load_ext loopscope` calls."""
    shell.register_magic_function(
        functools.partial(_run_cell, shell), magic_kind="cell", magic_name="loopscope"
    )


def _run_cell(shell: Any, line: str, cell: str) -> "api.Run | None":
    """Runs a cell as a script; `%%loopscope python` as Python on the virtual clock."""
    try:
        words = shlex.split(line)
        if words == ["python"]:
            return run_python(cell, shell.user_ns)
        return api.run(cell + "\n", seed=_seed(words))
    except (LoopscopeError, ValueError) as error:
        # Words for the reader; a traceback through this package would hide them.
        print(error)
        return None


def _seed(words: list[str]) -> int | None:
    match words:
        case []:
            return None
        case ["--seed", number] if number.isdigit():
            return int(number)
        case _:
            raise ValueError(_USAGE)


def run_python(cell: str, names: dict[str, Any]) -> "api.Run":
    """Runs a cell's text with these names, on the virtual clock."""
    filename = f"<ipython-input-loopscope-{next(_numbers)}>"
    linecache.cache[filename] = (len(cell), None, cell.splitlines(True), filename)
    runner = calls.CallRunner(filename, api._options("24h", ()), captures=True, names=names)
    result = runner.run_call(functools.partial(_execute, cell, filename, names), [])
    return api.RecordedRun(result, runner.value, runner.error)


def _execute(cell: str, filename: str, names: dict[str, Any]) -> Any:
    tree = ast.parse(cell, filename)
    lines = sources.Program(filename, cell).cpu_lines()
    if lines:
        tree = computing.with_computing(tree, lines)
    code = compile(tree, filename, "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    # Does nothing outside of a run, so it may stay.
    names[computing.NAME] = computing.cpu_ns
    return types.FunctionType(code, names)()
