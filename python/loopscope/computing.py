"""Computing that takes time: `cpu(3)`, and `# cpu 3s` on a line.

Computing takes no time on the virtual clock unless the program says how long. In a plain run
of Python, without Loopscope, `cpu(3)` really computes for 3 s.
"""

import ast
import time
from collections.abc import Callable
from typing import Any

from . import durations

NAME = "__loopscope_cpu__"
"""The function that a commented line calls; no program has a name like this."""

# The machine of the run, while there is one.
active: Any = None


def cpu(seconds: float) -> None:
    """Computes for so many seconds: holds the thread, its GIL and a core."""
    if seconds < 0:
        raise ValueError("computing length must be non-negative")
    if active is not None:
        active.hold("running", durations.from_seconds(seconds))
        return
    # CPU time of this thread: what others use meanwhile does not count.
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


def cpu_ns(ns: int) -> None:
    """What a commented line calls."""
    if active is not None:
        active.hold("running", ns)


def stopwatch() -> Callable[[], int]:
    """Real nanoseconds since its last call. Made before the clocks are replaced."""
    real_time = time.perf_counter_ns
    last = real_time()

    def since_last() -> int:
        nonlocal last
        now = real_time()
        elapsed, last = now - last, now
        return elapsed

    return since_last


def with_computing(tree: ast.Module, lines: dict[int, int]) -> ast.Module:
    """The program with a call of `cpu_ns` at each commented statement.

    A statement of one line computes before it runs. The head of a loop or a function computes
    at the beginning of its body: in each round, in each call.
    """
    # Each comment counts once: the calls put in below have its line, too.
    lines = dict(lines)
    for node in ast.walk(tree):
        for field in ("body", "orelse", "finalbody"):
            statements = getattr(node, field, None)
            if isinstance(statements, list) and statements and isinstance(statements[0], ast.stmt):
                setattr(node, field, _with_calls(statements, lines))
    return ast.fix_missing_locations(tree)


def _with_calls(statements: list[ast.stmt], lines: dict[int, int]) -> list[ast.stmt]:
    result: list[ast.stmt] = []
    for statement in statements:
        body = getattr(statement, "body", None)
        if not isinstance(body, list):
            end = statement.end_lineno or statement.lineno
            result += _calls(range(statement.lineno, end + 1), lines, statement)
        else:
            head = _calls(range(statement.lineno, body[0].lineno), lines, statement)
            if isinstance(statement, (ast.With, ast.AsyncWith, ast.If, ast.Try, ast.ClassDef)):
                result += head
            else:
                # The docstring stays the first statement.
                first = 1 if _has_docstring(statement) else 0
                body[first:first] = head
        result.append(statement)
    return result


def _has_docstring(statement: ast.stmt) -> bool:
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return isinstance(statement, functions) and ast.get_docstring(statement, False) is not None


def _calls(covered: range, lines: dict[int, int], statement: ast.stmt) -> list[ast.stmt]:
    calls = []
    for line in covered:
        if line in lines:
            function = ast.Name(NAME, ast.Load())
            call = ast.Expr(ast.Call(function, [ast.Constant(lines.pop(line))], []))
            for node in ast.walk(call):
                node.lineno = node.end_lineno = line
                node.col_offset = node.end_col_offset = statement.col_offset
            calls.append(call)
    return calls
