"""The functions that a program hands to a thread or a process: their names, and the program's own
inside what a library hands over.
"""

from collections.abc import Callable
from typing import Any


def unwrapped(function: Any) -> Any:
    """The function behind `functools.partial` and `Context.run`."""
    while True:
        inner = getattr(function, "func", None)
        if inner is None or not callable(inner):
            return function
        arguments = getattr(function, "args", ())
        # `to_thread` passes `partial(context.run, function, …)`.
        is_run = getattr(inner, "__name__", "") == "run" and arguments
        function = arguments[0] if is_run and callable(arguments[0]) else inner


def function_name(function: Any) -> str:
    function = unwrapped(function)
    name = getattr(function, "__qualname__", None) or type(function).__name__
    return name.rpartition("<locals>.")[2]


def code_place(function: Any) -> Any:
    """Where a function is defined."""
    code = getattr(unwrapped(function), "__code__", None)
    return None if code is None else (code.co_filename, code.co_firstlineno)


def own_function(function: Any, is_own: Callable[[str], bool], depth: int = 4) -> Any:
    """The program's function inside what a library hands to a thread: in the arguments of a
    `partial`, or in the closure of a wrapper. None if there is none."""
    code = getattr(function, "__code__", None)
    if code is not None and is_own(code.co_filename):
        return function
    if depth == 0:
        return None
    inner = [getattr(function, "func", None), getattr(function, "__wrapped__", None)]
    inner += getattr(function, "args", ()) or ()
    inner += (getattr(function, "keywords", None) or {}).values()
    for cell in getattr(function, "__closure__", None) or ():
        try:
            inner.append(cell.cell_contents)
        except ValueError:
            # An empty cell.
            continue
    # FastAPI keeps a handler in `Dependant.call`.
    inner += [getattr(value, "call", None) for value in inner]
    for value in inner:
        if callable(value):
            found = own_function(value, is_own, depth - 1)
            if found is not None:
                return found
    return None
