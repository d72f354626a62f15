"""Writes a run as `loopscope.trace/1` (docs/trace-format.md), which `loopscope open` draws.

The format numbers tasks and segments by a script. So the run gets one: each function is a
task, and each kind of wait at each line is a segment whose label is the line, e.g.
`await 1s "12: await fetch(url)"`. The script names what happened; it does not repeat it.
"""

import itertools
import json
import re
import sys
import unicodedata
from collections.abc import Iterator
from operator import itemgetter
from typing import Any

from .durations import SECOND, WEEK, exact
from .explain import explanation
from .result import Run
from .sources import Place, file_lines
from .watcher import TERMINAL, Instance

SCHEMA = "loopscope.trace/1"

LABEL_MAX = 60
"""Characters of a line that a label shows."""

TASKS_MAX = 4_000
SEGMENTS_MAX = 8_000
"""Below the limits of a script, so that the file can be opened."""

PROBLEMS_MAX = 100
"""Errors, and as many notes, of a program that raises without end."""

DAY_NS = 24 * 3_600 * SECOND
"""The longest duration in a script."""

_COMPUTES = ("running", "queued_gil", "queued_core")
_MARKS = frozenset(("printed", "responded", "cancel_requested", "timed_out"))
_ON_THREADS = ("offloaded", "sent", "part")


class _Segment:
    """A kind of wait at a line, of one function."""

    __slots__ = ("kind", "place", "longest_ns", "number", "staying")

    def __init__(self, kind: str, place: Place | None) -> None:
        self.kind = kind
        self.place = place
        self.longest_ns = 0
        # In the file; known when all segments are.
        self.number = -1
        # By state: the changes that leave an instance at this segment.
        self.staying: dict[str, _Change] = {}


class _Change:
    """A change of state, as many records have it."""

    __slots__ = ("state", "lane", "segment", "is_mark", "text")

    def __init__(self, state: str, lane: int, segment: _Segment | None) -> None:
        self.state = state
        self.lane = lane if state in _HOLDING else -1
        # None if it leaves the instance at the segment before.
        self.segment = segment
        self.is_mark = state in _MARKS
        # The middle of a record, e.g. `,"awaiting",-1,3,`; known when the segments have numbers.
        self.text = ""


class _Task:
    """A function, with its segments in the order in which they were met."""

    def __init__(self, name: str, original: str, on_thread: bool) -> None:
        self.name = name
        # The name in the program, e.g. `Client.fetch`.
        self.original = original
        self.on_thread = on_thread
        self.segments: dict[tuple[str, Place | None], _Segment] = {}
        # By state, lane and place of a record.
        self.changes: dict[tuple[str, int, Place | None], _Change] = {}


class _Life:
    """An instance, and where it is while the records are read."""

    __slots__ = ("instance", "task", "segment", "held", "since_ns")

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.task: _Task | None = None
        self.segment: _Segment | None = None
        # The segment in which time passes, and since when.
        self.held: _Segment | None = None
        self.since_ns = 0


def trace_of(run: Run) -> dict[str, Any]:
    """The content of a trace file."""
    return json.loads(text_of(run))


def text_of(run: Run) -> str:
    """A trace file."""
    return _Writer(run).text()


def write(run: Run, filename: str) -> None:
    with open(filename, "w", encoding="utf-8") as file:
        file.write(text_of(run) + "\n")


class _Writer:
    def __init__(self, run: Run) -> None:
        self.run = run
        self.program = run.program
        self.tasks: dict[tuple[str, bool], _Task] = {}
        self.names: set[str] = set()
        self.segment_total = 0
        used = set(map(itemgetter(1), run.records))
        # By the watcher's numbers; None if the file does not have the instance.
        self.lives: list[_Life | None] = [
            None if instance.hidden or instance.number not in used else _Life(instance)
            for instance in run.watcher.instances
        ]
        # The numbers in the file. The last one is for -1, which means none.
        count = itertools.count()
        self.numbers = [-1 if life is None else next(count) for life in self.lives] + [-1]

    def text(self) -> str:
        """Most of a file are records and instances. They are numbers and plain words, and so many
        that the encoder of JSON would take longer than the run."""
        records = self._records()
        script = self._script()
        head = json.dumps(self._head(script), ensure_ascii=False, separators=(",", ":"))
        # A program may print half of a surrogate pair, which UTF-8 does not have.
        head = head.encode("utf-8", "replace").decode("utf-8")
        for change in self._changes():
            change.text = f',"{change.state}",{change.lane},{change.segment.number},'
        rows = ",".join([f"{at}{who}{change.text}{cause}]" for at, who, change, cause in records])
        return f'{head[:-1]},"instances":[{",".join(self._instances())}],"records":[{rows}]}}'

    def _head(self, script: str) -> dict[str, Any]:
        """Everything but the instances and the records."""
        run = self.run
        return {
            "schema": SCHEMA,
            "kind": "measured",
            "runtime": "asyncio, virtual clock",
            "versions": {"Python": ".".join(map(str, sys.version_info[:3]))},
            "scale": 1.0,
            "script": script,
            "ending": {"deadlock": "deadlock", "limit": "limit"}.get(run.ending, "finished"),
            "end_ns": min(run.total_ns, WEEK),
            "lanes": [[kind, 0] for kind in run.watcher.lanes],
            # Beyond the format: the program, and the line of each segment.
            "program": self._program(),
            "lines": self._lines(),
        }

    def _instances(self) -> Iterator[str]:
        order = {task.name: number for number, task in enumerate(self.tasks.values())}
        counts = dict.fromkeys(order, 0)
        for life in self.lives:
            if life is None:
                continue
            name, role = life.task.name, life.instance.role
            counts[name] += 1
            parent = self.numbers[life.instance.parent]
            if parent < 0 and role != "handler":
                role = "arrived"
            yield f'[{order[name]},{counts[name]},{parent},"{role}",0]'

    def _program(self) -> dict[str, Any]:
        """The program, and what the records do not say: its output, its errors, its end."""
        run = self.run
        return {
            "file": self.program.filename,
            "source": self.program.source,
            "files": self._other_files(),
            "names": [task.original for task in self.tasks.values()],
            "ending": run.ending,
            "message": run.message,
            "exit_code": run.exit_code,
            "is_exact": run.is_exact,
            # Each line of an instance that is in the file has a record `printed`, in this order.
            "output": [
                [at_ns, self.numbers[who], stream, text, place]
                for at_ns, who, stream, text, place in run.output.lines
            ],
            "problems": [
                {
                    "kind": problem.kind,
                    "message": problem.message,
                    "place": problem.place,
                    "frames": problem.frames,
                    "task": problem.task,
                    "advice": explanation(problem.kind, problem.message),
                }
                for problem in run.problems[:PROBLEMS_MAX]
            ],
            "notes": [[place, words] for place, words in run.notes[:PROBLEMS_MAX]],
            "responses": [
                [response.route, response.status, response.latency_ns]
                for response in run.responses
            ],
        }

    def _other_files(self) -> list[list[str]]:
        """The program's other files that a segment or an error names, with their texts."""
        places = [segment.place for segment in self._segments()]
        for problem in self.run.problems[:PROBLEMS_MAX]:
            places += [problem.place, *problem.frames]
        names = {place[0]: None for place in places if place is not None}
        names.pop(self.program.filename, None)
        return [[name, "\n".join(file_lines(name))] for name in names]

    def _segments(self) -> Iterator[_Segment]:
        for task in self.tasks.values():
            yield from task.segments.values()

    def _task_of(self, instance: Instance) -> _Task:
        on_thread = instance.role in _ON_THREADS
        key = (instance.name, on_thread)
        task = self.tasks.get(key)
        if task is None:
            if len(self.tasks) >= TASKS_MAX:
                key = ("others", on_thread)
                task = self.tasks.get(key)
            if task is None:
                name = self._free_name(key[0])
                task = self.tasks[key] = _Task(name, key[0], on_thread)
        return task

    def _free_name(self, name: str) -> str:
        """An identifier of the script language, e.g. `Client_fetch` for `Client.fetch`."""
        word = unicodedata.normalize("NFC", re.sub(r"\W+", "_", name).strip("_")) or "task"
        if word[0].isdigit() or not word.isidentifier():
            word = f"task_{word}" if f"task_{word}".isidentifier() else "task"
        candidate, number = word, 2
        while candidate in self.names:
            candidate, number = f"{word}_{number}", number + 1
        self.names.add(candidate)
        return candidate

    def _records(self) -> list[tuple[str, str, _Change, str]]:
        """The records in the file's numbers: beginning, instance, change, cause."""
        records = []
        lives = self.lives
        numbers = list(map(str, self.numbers))
        last_ns, at = -1, ""
        for at_ns, instance, state, lane, place, cause in self.run.records:
            life = lives[instance]
            if life is None:
                continue
            task = life.task
            if task is None:
                task = life.task = self._task_of(life.instance)
            if at_ns != last_ns:
                last_ns, at = at_ns, f"[{at_ns},"
            change = task.changes.get((state, lane, place))
            if change is None:
                change = self._change(task, state, lane, place)
            segment = change.segment
            if not change.is_mark:
                held = life.held
                if held is not None and at_ns - life.since_ns > held.longest_ns:
                    held.longest_ns = at_ns - life.since_ns
                life.held, life.since_ns = segment, at_ns
            if segment is not None:
                life.segment = segment
            else:
                segment = life.segment or self._segment_at(task, "yield", place)
                change = segment.staying.get(state)
                if change is None:
                    change = segment.staying[state] = _Change(state, lane, segment)
            records.append(
                (at, numbers[instance], change, numbers[cause if cause != instance else -1])
            )
        return records

    def _change(self, task: _Task, state: str, lane: int, place: Place | None) -> _Change:
        kind = _kind(state, task.on_thread)
        segment = None if kind is None else self._segment_at(task, kind, place)
        change = task.changes[state, lane, place] = _Change(state, lane, segment)
        return change

    def _changes(self) -> Iterator[_Change]:
        for task in self.tasks.values():
            yield from (change for change in task.changes.values() if change.segment is not None)
            for segment in task.segments.values():
                yield from segment.staying.values()

    def _segment_at(self, task: _Task, kind: str, place: Place | None) -> _Segment:
        # E.g. the coroutine of this package that sends a request.
        if place is not None and not self.program.is_own(place[0]):
            place = None
        segment = task.segments.get((kind, place))
        if segment is None and self.segment_total >= SEGMENTS_MAX:
            place = None
            segment = task.segments.get((kind, None))
        if segment is None:
            self.segment_total += 1
            segment = task.segments[kind, place] = _Segment(kind, place)
        return segment

    def _script(self) -> str:
        """The text. Its order numbers the segments."""
        lines = [f"# What {_base(self.program.filename)} did, line by line."]
        count = 0
        for task in self.tasks.values():
            # A task that was met without any segment still needs one.
            if not task.segments:
                self._segment_at(task, "yield", None)
            lines.append(f"def {task.name}:" if task.on_thread else f"async def {task.name}:")
            for segment in task.segments.values():
                segment.number = count
                count += 1
                lines.append(f"    {self._line(task, segment)}")
        arrived = {
            life.task.name: None
            for life in self.lives
            if life is not None and self.numbers[life.instance.parent] < 0
        }
        lines.append("run " + ", ".join(arrived) if arrived else "")
        return "\n".join(lines) + "\n"

    def _line(self, task: _Task, segment: _Segment) -> str:
        kind, length = segment.kind, min(segment.longest_ns, DAY_NS)
        label = self._label(segment.place)
        if kind == "print":
            return f"print {label or _quoted('?')}"
        if kind == "yield":
            # A function on a thread cannot yield.
            kind, length = ("cpu", 0) if task.on_thread else ("await", 0)
        return f"{kind} {exact(length)} {label}".rstrip()

    def _label(self, place: Place | None) -> str:
        if place is None:
            return ""
        text = self.program.line(place)
        where = str(place[1])
        if place[0] != self.program.filename:
            where = f"{_base(place[0])}:{where}"
        return _quoted(f"{where}: {text}"[:LABEL_MAX])

    def _lines(self) -> list[list[Any] | None]:
        places = [segment.place for segment in self._segments()]
        return [None if place is None else [place[0], place[1]] for place in places]


_HOLDING = frozenset(("running", "blocking", "queued_gil", "queued_core"))
"""States in which an instance holds its lane."""


def _kind(state: str, on_thread: bool) -> str | None:
    """The keyword of a state's segment; None for a state that stays at the segment before."""
    if state in _COMPUTES:
        return "cpu"
    if state == "blocking":
        return "block"
    if state == "printed":
        return "print"
    if state == "ready" or state in TERMINAL or state in _MARKS:
        return None
    return "cpu" if on_thread else "await"


def _quoted(text: str) -> str:
    """A label without the signs that would end it or the line."""
    clean = "".join(" " if unicodedata.category(sign)[0] == "C" else sign for sign in text)
    return '"' + clean.replace("\\", "/").replace('"', "'").strip() + '"'


def _base(path: str) -> str:
    return path.replace("\\", "/").rpartition("/")[2]
