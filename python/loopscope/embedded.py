"""One run inside a process that goes on: text in, data out. The page uses it, by Pyodide.

`command.py` gives each program a process of its own, and prints words. Here the program runs in
this process, without threads, processes or signals, and the result is plain data, which `json`
can write. A loop without end is ended by counting its turns (`limits.py`).

    result = run_source("print(1)", {"time_limit": "1h"})
    result["lines"]  # [{"at_ns": 0, "stream": "stdout", "text": "1", "place": …}]

Options, each optional: `filename`; the lists `requests`, `stand_ins`, `input` and `arguments`;
`count_computing`; the limits `time_limit` (e.g. `"24h"`), `steps`, `output`, `turns` and
`real_seconds`. They are those of `docs/python-runtime.md`.

A result has the schema `loopscope.run/1`; docs/python-runtime.md lists its fields.

# What this leaves out

- A program that means harm can change anything in this process. What honest programs change is
  put back: modules, the environment, logging, context variables. The page puts all memory back.
- Memory is not limited here, and a loop inside C code does not end.
"""

import asyncio
import contextlib
import contextvars
import json
import logging
import operator
import os
import sys
import types
from collections import Counter
from collections.abc import Iterator
from typing import Any

from . import asgi, blame, durations, report, trace
from .explain import explanation
from .limits import Limits
from .problems import Problem
from .result import Run
from .runner import Options
from .runner import run_source as run_program
from .sources import Place
from .watcher import Instance

SCHEMA = "loopscope.run/1"

FILENAME = "program.py"

LINES_MAX = 10_000
"""Lines of output in a result; more than anyone reads."""

ITEMS_MAX = 100
"""Problems, waiting tasks, findings, notes and assumptions, each."""

RECORDS_MAX = 2_000_000
"""Records of a trace in a result: beyond, its text takes more memory than a page has."""

_LISTS = ("requests", "stand_ins", "input", "arguments")
_COUNTS = ("steps", "output", "turns")


def run_source(source: str, options: dict[str, Any] | None = None) -> dict[str, Any]:
    """Runs a program's text. Raises ValueError with words for options that are none."""
    with _running(source, options or {}) as run:
        result, recorded = result_of(run), _trace_of(run)
    return {**result, "trace": json.loads(recorded)}


def run_json(source: str, options: str = "{}") -> tuple[str, str]:
    """The same as JSON: the result without its trace, and the trace or `null`."""
    with _running(source, json.loads(options)) as run:
        result = json.dumps(result_of(run), ensure_ascii=False, separators=(",", ":"))
        # Surrogates, which a program may print, are no valid text outside of Python.
        result = result.encode("utf-8", "replace").decode("utf-8")
        return result, _trace_of(run)


@contextlib.contextmanager
def _running(source: str, told: dict[str, Any]) -> Iterator[Run]:
    """A run. What the program changed in this process is put back afterwards."""
    filename, chosen = options_of(told)
    with isolated():
        yield contextvars.Context().run(run_program, source, filename, chosen)


def _trace_of(run: Run) -> str:
    return trace.text_of(run) if len(run.records) <= RECORDS_MAX else "null"


# Options


def options_of(told: dict[str, Any]) -> tuple[str, Options]:
    """The file name and the options of a run."""
    # Where there are signals, turns are counted only if they are limited.
    limits = Limits(counts_turns="turns" in told)
    options = Options(limits=limits, has_command_line=False)
    filename = FILENAME
    for name, value in told.items():
        if name == "filename" and isinstance(value, str) and value:
            filename = value
        elif name in _LISTS and isinstance(value, list) and all(isinstance(v, str) for v in value):
            setattr(options, name, value)
        elif name == "count_computing" and isinstance(value, bool):
            options.count_computing = value
        elif name in _COUNTS and isinstance(value, int) and value > 0:
            setattr(limits, name, value)
        elif name == "real_seconds" and isinstance(value, (int, float)) and 0 < value < 3_600:
            limits.real_seconds = float(value)
        elif name == "time_limit" and isinstance(value, str):
            limits.time_ns = durations.parse(value)
            if not 0 < limits.time_ns <= durations.WEEK:
                raise ValueError(f"the time limit is `{value}`; write at most 7d")
        else:
            raise ValueError(f"`{name}` is no option of a run, or cannot be {value!r}")
    for load in options.requests:
        asgi.parse_load(load)
    return filename, options


# The result


def result_of(run: Run) -> dict[str, Any]:
    """Everything that a page shows of a run, but for its trace."""
    lines = run.output.lines
    responses = run.responses
    return {
        "schema": SCHEMA,
        "python": ".".join(map(str, sys.version_info[:3])),
        "ending": run.ending,
        "message": run.message,
        "exit_code": run.exit_code,
        "total_ns": run.total_ns,
        "is_exact": run.is_exact,
        "counts": _counts(run),
        "lines": [
            {"at_ns": at_ns, "stream": stream, "text": text, "place": _place(place)}
            for at_ns, _, stream, text, place in lines[:LINES_MAX]
        ],
        "lines_omitted": max(0, len(lines) - LINES_MAX),
        "problems": [_problem(run, problem) for problem in run.problems[:ITEMS_MAX]],
        "waiting": [_waiting(run, instance) for instance in run.waiting[:ITEMS_MAX]],
        "blamed": [_blamed(run, line) for line in run.blamed[:ITEMS_MAX]],
        "notes": [
            {"place": _place(place), "text": text} for place, text in run.notes[:ITEMS_MAX]
        ],
        "assumed": [
            {
                "place": _place(assumed.place),
                "path": assumed.path,
                "manner": assumed.manner,
                "ns": assumed.ns,
            }
            for assumed in run.assumed[:ITEMS_MAX]
        ],
        "responses": [
            {"route": r.route, "status": r.status, "latency_ns": r.latency_ns}
            for r in responses[:LINES_MAX]
        ],
        # The same as the terminal prints.
        "words": report.text(run),
    }


def _place(place: Place | None) -> dict[str, Any] | None:
    return None if place is None else {"file": place[0], "line": place[1]}


def _counts(run: Run) -> dict[str, int]:
    instances = [instance for instance in run.watcher.instances[1:] if not instance.hidden]
    tasks = [instance for instance in instances if instance.role != "offloaded"]
    outcomes = Counter(instance.outcome for instance in tasks)
    return {
        "tasks": len(tasks),
        "calls_on_threads": len(instances) - len(tasks),
        "failed": outcomes["failed"],
        "cancelled": outcomes["cancelled"],
    }


def _problem(run: Run, problem: Problem) -> dict[str, Any]:
    return {
        "kind": problem.kind,
        "message": problem.message,
        "place": _place(problem.place),
        "source": run.program.line(problem.place),
        "called_from": [_place(place) for place in problem.frames[:-1]],
        "task": problem.task,
        "advice": explanation(problem.kind, problem.message),
    }


def _waiting(run: Run, instance: Instance) -> dict[str, Any]:
    return {
        "name": instance.name,
        "state": instance.state,
        "place": _place(instance.place),
        "source": run.program.line(instance.place),
        "words": report.waiting_words(run, instance),
    }


def _blamed(run: Run, line: blame.Blamed) -> dict[str, Any]:
    return {
        "place": _place(line.place),
        "source": run.program.line(line.place),
        "state": line.state,
        "held_ns": line.held_ns,
        "longest_ns": line.longest_ns,
        "times": line.times,
        "waited_ns": line.waited_ns,
    }


# One run after another


@contextlib.contextmanager
def isolated() -> Iterator[None]:
    """Puts back what a program changed in this process."""
    environment, path = dict(os.environ), list(sys.path)
    recursion_limit = sys.getrecursionlimit()
    folder = os.getcwd()
    manager = logging.root.manager
    loggers = dict(manager.loggerDict)
    settings = [
        (one, one.level, one.propagate, one.disabled, list(one.handlers), list(one.filters))
        for one in [logging.root, *loggers.values()]
        if isinstance(one, logging.Logger)
    ]
    modules = [
        (module, dict(vars(module)))
        for name, module in sys.modules.items()
        # The program's own module comes and goes as a whole.
        if name != "__main__" and isinstance(module, types.ModuleType)
    ]
    try:
        yield
    finally:
        for module, before in modules:
            _put_back(module, before)
        os.environ.clear()
        os.environ.update(environment)
        sys.path[:] = path
        sys.setrecursionlimit(recursion_limit)
        os.chdir(folder)
        manager.loggerDict.clear()
        manager.loggerDict.update(loggers)
        for one, level, propagate, disabled, handlers, filters in settings:
            # This also empties the cache of levels.
            one.setLevel(level)
            one.propagate, one.disabled = propagate, disabled
            one.handlers[:], one.filters[:] = handlers, filters
        _forget_event_loop()


def _forget_event_loop() -> None:
    """The loop that `asyncio.get_event_loop` made for the program, or that it set."""
    events = asyncio.events
    policy_of = getattr(events, "_get_event_loop_policy", None) or events.get_event_loop_policy
    # As in a new thread. Policies that are not asyncio's own have no such attribute.
    vars(getattr(policy_of(), "_local", types.SimpleNamespace())).clear()


def _put_back(module: types.ModuleType, before: dict[str, Any]) -> None:
    now = vars(module)
    # Most modules are as they were; the values may have an `==` of their own.
    if len(now) == len(before) and all(map(operator.is_, now.values(), before.values())):
        return
    for name in list(now):
        if name not in before and not isinstance(now[name], types.ModuleType):
            del now[name]
    now.update(before)
