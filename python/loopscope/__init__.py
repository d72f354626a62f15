"""Real asyncio on a virtual clock.

`python -m loopscope run program.py` runs an unmodified program. Its seconds pass in no time,
every run is the same, and every state of every task is known with its line.

`loopscope.run(main)` does so for a function of this process, `loopscope.virtual_time()` for a
test (docs/python-api.md).
"""

from typing import TYPE_CHECKING, Any

from .computing import cpu

if TYPE_CHECKING:
    from .api import Event as Event
    from .api import Finding as Finding
    from .api import Line as Line
    from .api import Problem as Problem
    from .api import Response as Response
    from .api import Run as Run
    from .api import Task as Task
    from .api import TaskId as TaskId
    from .api import run as run
    from .errors import BlockingCallError as BlockingCallError
    from .errors import CompanionMissing as CompanionMissing
    from .errors import LoopscopeError as LoopscopeError
    from .errors import ScriptError as ScriptError
    from .errors import VirtualTimeError as VirtualTimeError
    from .lab import Lab as Lab
    from .notebook import load_ipython_extension as load_ipython_extension
    from .testing import VirtualTime as VirtualTime
    from .testing import virtual_time as virtual_time
    from .traces import open as open

__all__ = [
    "BlockingCallError",
    "CompanionMissing",
    "Event",
    "Finding",
    "Line",
    "LoopscopeError",
    "Problem",
    "Response",
    "Run",
    "ScriptError",
    "Task",
    "TaskId",
    "VirtualTime",
    "VirtualTimeError",
    "cpu",
    "run",
    "virtual_time",
]
"""Without `open`, which would replace Python's own, and `Lab`, which needs another package."""

__version__ = "0.1.0"

_MODULES = {
    "api": ("Event", "Finding", "Line", "Problem", "Response", "Run", "Task", "TaskId", "run"),
    "errors": (
        "BlockingCallError",
        "CompanionMissing",
        "LoopscopeError",
        "ScriptError",
        "VirtualTimeError",
    ),
    "lab": ("Lab",),
    "notebook": ("load_ipython_extension",),
    "testing": ("VirtualTime", "virtual_time"),
    "traces": ("open",),
}
"""Names by module. They are imported when they are asked for: a program that only uses `cpu`, and
the page, which has no such modules, need none of them."""

_HOMES = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> Any:
    module = _HOMES.get(name)
    if module is None:
        raise AttributeError(f"module `loopscope` has no attribute `{name}`")
    import importlib

    return getattr(importlib.import_module(f".{module}", __name__), name)
