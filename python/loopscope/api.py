"""`loopscope.run`: a script, a program, a function or a coroutine, and what it did as data."""

import contextvars
import functools
import html
import inspect
import json
import os
import sys
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from . import asgi, calls, companion, durations, report, runner, trace
from .durations import SECOND
from .embedded import isolated
from .errors import LoopscopeError
from .explain import explanation
from .history import History
from .limits import Limits
from .result import Run as ProgramRun
from .sources import Place

if TYPE_CHECKING:
    import pandas

Target = str | os.PathLike[str] | Callable[[], Any] | Coroutine[Any, Any, Any]
"""What can be run."""


class TaskId(NamedTuple):
    """A task: its name, and which one of that name, counted from 1."""

    name: str
    number: int

    def __str__(self) -> str:
        return f"{self.name} {self.number}"


@dataclass(frozen=True)
class Task:
    """One task, or one call on a thread. Times are seconds."""

    name: str
    number: int
    #: `arrived`, `spawned`, `gathered`, `grouped`, `offloaded`, …
    role: str
    parent: TaskId | None
    arrived: float
    #: `None` if its body never began.
    started: float | None
    #: `None` if it never ended.
    finished: float | None
    #: When its result was there.
    responded: float | None
    #: `done`, `failed`, `cancelled` or `running`.
    outcome: str
    file: str | None = None
    line: int | None = None


@dataclass(frozen=True)
class Event:
    """Something that happened to a task."""

    #: Seconds.
    time: float
    task: str
    number: int
    #: E.g. `start`, `await`, `block`, `wake`, `finish`.
    kind: str
    #: The thread that it holds, e.g. `loop` or `thread 3`.
    lane: str | None = None
    #: What was printed.
    text: str | None = None
    #: The task that caused it.
    cause: TaskId | None = None
    file: str | None = None
    line: int | None = None


@dataclass(frozen=True)
class Finding:
    """Something that makes the run slow or wrong."""

    #: E.g. `blocking_on_loop`; a code never changes its meaning.
    code: str
    text: str
    lines: list[int]
    #: Seconds that others waited because of it, added up.
    cost: float
    #: A change of the script, in words.
    fix: str | None = None


@dataclass(frozen=True)
class Line:
    """A line that was printed."""

    time: float
    text: str
    #: `stdout` or `stderr`.
    stream: str = "stdout"
    file: str | None = None
    line: int | None = None


@dataclass(frozen=True)
class Problem:
    """An error that nothing caught."""

    #: The exception's class, e.g. `ValueError`.
    kind: str
    message: str
    task: str | None = None
    #: What to do, in plain words.
    advice: str | None = None
    file: str | None = None
    line: int | None = None


@dataclass(frozen=True)
class Response:
    """What became of one request."""

    route: str
    status: int | None
    #: Seconds.
    latency: float | None


class Run:
    """What a script, a program or a function did.

    `run.total` are its seconds; `tasks` and `events` say what happened. `findings` and `svg()`
    ask the program `loopscope`.
    """

    #: Seconds from the beginning to the last event.
    total: float
    total_ns: int
    #: `finished`, `error`, `exit`, `deadlock`, `limit`, `refused`, or `until` of a script.
    ending: str
    #: Why it ended; empty if it finished.
    message: str
    #: What the function returned.
    value: Any = None
    #: What it raised.
    error: BaseException | None = None

    @property
    def tasks(self) -> list[Task]:
        return self._tasks

    @property
    def events(self) -> list[Event]:
        return self._events

    @property
    def findings(self) -> list[Finding]:
        """What makes it slow or wrong, the worst first. Needs the program `loopscope`."""
        return [
            Finding(
                found["code"],
                found["text"],
                found["lines"],
                found["cost_ns"] / SECOND,
                found["fix"]["text"] if found.get("fix") else None,
            )
            for found in self._result()["findings"]
        ]

    #: What was printed.
    output: list[Line]
    problems: list[Problem]
    #: Answers of an app, in the order of the requests.
    responses: list[Response]
    #: What the result rests on, e.g. an assumed time.
    notes: list[str]

    _tasks: list[Task]
    _events: list[Event]

    def svg(self) -> str:
        """The chart. Needs the program `loopscope`."""
        raise NotImplementedError

    def text(self) -> str:
        """Chart, total and findings for a terminal; without the program `loopscope` no chart."""
        raise NotImplementedError

    def _result(self) -> dict[str, Any]:
        """The result of the data contract, by the program `loopscope`."""
        raise NotImplementedError

    def to_dataframe(self, of: Literal["tasks", "events"] = "tasks") -> "pandas.DataFrame":
        """The tasks, or the events, as a table of pandas."""
        try:
            import pandas
        except ImportError:
            raise LoopscopeError("a data frame needs pandas: `pip install pandas`") from None
        if of not in ("tasks", "events"):
            raise ValueError(f"there is no table of `{of}`; write `tasks` or `events`")
        kind = Task if of == "tasks" else Event
        rows: Sequence[Task | Event] = self.tasks if of == "tasks" else self.events
        columns = [field.name for field in fields(kind)]
        return pandas.DataFrame([_row(row) for row in rows], columns=columns)

    def show(self) -> None:
        """Displays the run: as a picture in a notebook, else as text."""
        if "IPython" in sys.modules:
            import IPython
            import IPython.display

            shell = IPython.get_ipython()
            if shell is not None and hasattr(shell, "kernel"):
                show: Callable[..., object] = IPython.display.display
                show(self)
                return
        sys.stdout.write(self.text())

    def __repr__(self) -> str:
        count = len(self.tasks)
        words = "1 task" if count == 1 else f"{count:,} tasks"
        return f"<loopscope.Run {self.ending}: {durations.show(self.total_ns)}, {words}>"

    def _repr_svg_(self) -> str | None:
        """For notebooks; nothing without the program `loopscope`."""
        return self.svg() if companion.find() else None

    def _repr_html_(self) -> str:
        """For notebooks: the chart, and below it the total, the output, errors and findings."""
        if not companion.find():
            return f"<pre>{html.escape(self.text())}</pre>"
        parts = [f'<div style="max-width:960px">{self.svg()}</div>']
        lines = [f"total {durations.show(self.total_ns)}"]
        if self.message:
            lines.append(f"{self.ending}: {self.message}")
        lines += [f"{durations.show(round(line.time * SECOND))}  {line.text}" for line in self.output]
        for problem in self.problems:
            where = "" if problem.line is None else f"line {problem.line}: "
            lines.append(f"error: {where}{problem.kind}: {problem.message}")
        lines += [f"! {finding.text}" for finding in self.findings]
        lines += [f"note: {note}" for note in self.notes]
        parts.append(f"<pre>{html.escape(chr(10).join(lines))}</pre>")
        return "".join(parts)


def _row(row: Task | Event) -> dict[str, Any]:
    values = asdict(row)
    for name in ("parent", "cause"):
        reference = getattr(row, name, None)
        if reference is not None:
            values[name] = str(reference)
    return values


def _tasks_of(entries: Sequence[dict[str, Any]]) -> list[Task]:
    return [
        Task(
            entry["name"],
            entry["number"],
            entry["role"],
            _reference(entry["parent"]),
            entry["at_ns"] / SECOND,
            _seconds(entry["start_ns"]),
            _seconds(entry["finish_ns"]),
            _seconds(entry["respond_ns"]),
            entry["outcome"],
            entry.get("file"),
            entry.get("line"),
        )
        for entry in entries
    ]


def _events_of(entries: Sequence[dict[str, Any]]) -> list[Event]:
    return [
        Event(
            entry["t_ns"] / SECOND,
            entry["task"],
            entry["number"],
            entry["kind"],
            entry.get("lane"),
            entry.get("text"),
            _reference(entry.get("cause")),
            entry.get("file"),
            entry.get("line"),
        )
        for entry in entries
    ]


def _seconds(ns: int | None) -> float | None:
    return None if ns is None else ns / SECOND


def _reference(told: dict[str, Any] | None) -> TaskId | None:
    return None if told is None else TaskId(told["name"], told["number"])


class ComputedRun(Run):
    """A run that the program `loopscope` has computed from a text, e.g. a script."""

    def __init__(self, purpose: str, text: bytes, read: Sequence[str], drawn: Sequence[str]) -> None:
        """`read` are the arguments that print the run, `drawn` those that draw it."""
        self._text, self._read, self._drawn = text, list(read), list(drawn)
        self._told = result = _object(companion.ask(purpose, [*read, "--format", "json"], text))
        self.total_ns = result["total_ns"]
        self.total = self.total_ns / SECOND
        self.ending = result["ending"]
        self.message = result["limit"] or ""
        self._tasks = _tasks_of(result["tasks"])
        self._events = _events_of(result["events"])
        printed = [event for event in self._events if event.kind == "print"]
        self.output = [Line(one.time, one.text or "", line=one.line) for one in printed]
        self.problems, self.responses, self.notes = [], [], []

    def svg(self) -> str:
        return companion.draw(self._drawn, self._text)

    def text(self) -> str:
        return companion.ask("draws charts", self._read, self._text).decode()

    def _result(self) -> dict[str, Any]:
        return self._told


class ScriptRun(ComputedRun):
    """A script, simulated by the program `loopscope`."""

    def __init__(self, script: str, options: Sequence[str]) -> None:
        self.script = script
        read, drawn = ["run", "-", *options], ["draw", "-", *options]
        super().__init__("simulates scripts", script.encode(), read, drawn)

    def claims(self) -> list[tuple[str, bool]]:
        """Each `expect` of the script, and whether it holds."""
        return [(claim["text"], claim["holds"]) for claim in self._told["expectations"]]


class RecordedRun(Run):
    """A program or a function that ran on the virtual clock in this process."""

    def __init__(self, run: ProgramRun, value: Any = None, error: BaseException | None = None) -> None:
        self._run = run
        self.value, self.error = value, error
        self.total_ns = run.total_ns
        self.total = run.total_ns / SECOND
        self.ending, self.message = run.ending, run.message
        self.output = [
            Line(at_ns / SECOND, text, stream, *_place(place))
            for at_ns, _, stream, text, place in run.output.lines
        ]
        self.problems = [
            Problem(
                problem.kind,
                problem.message,
                problem.task,
                explanation(problem.kind, problem.message),
                *_place(problem.place),
            )
            for problem in run.problems
        ]
        self.responses = [
            Response(one.route, one.status, _seconds(one.latency_ns)) for one in run.responses
        ]
        self.notes = [f"{report.where(run, place)}{words}" for place, words in run.notes]

    @functools.cached_property
    def _history(self) -> History:
        return History(self._run)

    @functools.cached_property
    def _trace(self) -> bytes:
        return trace.text_of(self._run).encode()

    @property
    def tasks(self) -> list[Task]:
        return _tasks_of(self._history.tasks)

    @property
    def events(self) -> list[Event]:
        return _events_of(self._history.events)

    def svg(self) -> str:
        return companion.draw(["open", "-"], self._trace)

    def text(self) -> str:
        if companion.find():
            return companion.ask("draws charts", ["open", "-"], self._trace).decode()
        return report.text(self._run)

    @functools.cached_property
    def _told(self) -> dict[str, Any]:
        arguments = ["open", "-", "--format", "json"]
        return _object(companion.ask("judges runs", arguments, self._trace))

    def _result(self) -> dict[str, Any]:
        return self._told


def _object(text: bytes) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(text)
    return told


def _place(place: Place | None) -> tuple[str | None, int | None]:
    return (None, None) if place is None else place


def run(
    target: Target,
    *,
    seed: int | None = None,
    time_limit: str = "24h",
    requests: Sequence[str] = (),
    stand_ins: Sequence[str] = (),
    arguments: Sequence[str] = (),
    input: Sequence[str] = (),
) -> Run:
    """Runs something on the virtual clock and says what it did.

    `target` is a script or the path of one (`.loop`), the path of a Python program (`.py`), a
    function without arguments, a coroutine function, a coroutine, or an ASGI app with `requests`:

        loopscope.run("pasta: cpu 3 -> await 5").total  # 8.0
        loopscope.run(main).tasks
        loopscope.run(app, requests=["100 GET /ping"]).responses

    What fails is a result and no exception: `run.ending`, `run.error`, `run.problems`. `seed` is
    for scripts; `stand_ins`, `arguments` and `input` are for programs.
    """
    is_text = isinstance(target, str) and ("\n" in target or not target.endswith((".loop", ".py")))
    if not is_text and isinstance(target, (str, os.PathLike)):
        path = os.fspath(target)
        if path.endswith(".py"):
            _only("scripts", seed=seed)
            options = _options(time_limit, requests, stand_ins, arguments, input)
            return RecordedRun(_run_file(path, options))
        target = script_in(path)
    if isinstance(target, str):
        _only("programs", requests=requests, stand_ins=stand_ins, arguments=arguments, input=input)
        return ScriptRun(target, [] if seed is None else ["--seed", str(seed)])
    _only("scripts", seed=seed)
    _only("programs", stand_ins=stand_ins, arguments=arguments, input=input)
    if not callable(target) and not inspect.iscoroutine(target):
        raise TypeError(
            f"`{type(target).__name__}` cannot be run; give a script, the path of a program, a "
            "function or a coroutine"
        )
    if asgi.is_app(target):
        if not requests:
            raise ValueError('an app needs requests, e.g. `requests=["100 GET /ping"]`')
    elif requests:
        raise ValueError("`requests` are for an ASGI app, and this is none")
    caller = calls.CallRunner(calls.file_of(target), _options(time_limit, requests), captures=True)
    result = caller.run_call(target, list(requests))
    return RecordedRun(result, caller.value, caller.error)


def script_in(path: str) -> str:
    """The script of a file."""
    with open(path, encoding="utf-8-sig") as file:
        return file.read()


def _only(kind: str, **options: Any) -> None:
    for name, value in options.items():
        if value not in (None, ()) and value != []:
            raise ValueError(f"`{name}` is for {kind} only")


def _options(
    time_limit: str,
    requests: Sequence[str],
    stand_ins: Sequence[str] = (),
    arguments: Sequence[str] = (),
    input: Sequence[str] = (),
) -> runner.Options:
    time_ns = durations.parse(time_limit)
    if not 0 < time_ns <= durations.WEEK:
        raise ValueError(f"the time limit is `{time_limit}`; write at most 7d")
    for load in requests:
        asgi.parse_load(load)
    return runner.Options(
        limits=Limits(time_ns=time_ns),
        requests=list(requests),
        stand_ins=list(stand_ins),
        arguments=list(arguments),
        input=list(input),
        has_command_line=False,
    )


def _run_file(path: str, options: runner.Options) -> ProgramRun:
    with isolated():
        return contextvars.Context().run(runner.run_file, path, options)
