"""What a program did, for the report, the trace and the page."""

import functools
from dataclasses import dataclass, field
from typing import Any

from . import blame
from .output import Output
from .problems import Problem
from .sources import Place, Program
from .watcher import Instance, Record, Watcher


@dataclass
class Assumed:
    """The usual time of a stand-in's call, which the run took for the real one."""

    place: Place | None
    path: str
    #: `await`, `block` or `cpu`.
    manner: str
    ns: int


@dataclass
class Run:
    """What a program did."""

    program: Program
    watcher: Watcher
    output: Output
    #: `finished`, `error`, `exit`, `deadlock`, `limit`, `refused`.
    ending: str = "finished"
    message: str = ""
    total_ns: int = 0
    problems: list[Problem] = field(default_factory=list)
    waiting: list[Instance] = field(default_factory=list)
    notes: list[tuple[Place | None, str]] = field(default_factory=list)
    #: What the notes about stand-ins say, as data.
    assumed: list[Assumed] = field(default_factory=list)
    exit_code: int = 0
    #: Requests that were made, with status and latency.
    responses: list[Any] = field(default_factory=list)
    is_exact: bool = True

    # For when it is over.

    @functools.cached_property
    def records(self) -> list[Record]:
        return self.watcher.in_order()

    @functools.cached_property
    def blamed(self) -> list[blame.Blamed]:
        """The lines that held the loop, the worst first."""
        return blame.blamed_lines(self.records)
