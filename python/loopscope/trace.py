"""Writes a run as `loopscope.trace/1` (docs/trace-format.md), which `loopscope open` draws.

The format numbers tasks and segments by a script. So the run gets one: each function is a
task, and each kind of wait at each line is a segment whose label is the line, e.g.
`await 1s "12: await fetch(url)"`. The script names what happened; it does not repeat it.
"""

import json
import re
import sys
import unicodedata
from collections.abc import Iterator
from operator import itemgetter
from typing import Any

from .durations import SECOND, WEEK, exact
from .explain import explanation
from .run import Run
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

    __slots__ = ("kind", "place", "longest_ns", "number")

    def __init__(self, kind: str, place: Place | None) -> None:
        self.kind = kind
        self.place = place
        self.longest_ns = 0
        # In the file; known when all segments are.
        self.number = -1


class _Task:
    """A function, with its segments in the order in which they were met."""

    def __init__(self, name: str, original: str, on_thread: bool) -> None:
        self.name = name
        # The name in the program, e.g. `Client.fetch`.
        self.original = original
        self.on_thread = on_thread
        self.segments: dict[tuple[str, Place | None], _Segment] = {}
        # By state and place of a record: its segment; None if it stays at the one before.
        self.met: dict[tuple[str, Place | None], _Segment | None] = {}


class _Life:
    """An instance, and where it is while the records are read."""

    __slots__ = ("instance", "number", "task", "segment", "held", "since_ns")

    def __init__(self, instance: Instance, number: int) -> None:
        self.instance = instance
        # In the file.
        self.number = number
        self.task: _Task | None = None
        self.segment: _Segment | None = None
        # The segment in which time passes, and since when.
        self.held: _Segment | None = None
        self.since_ns = 0


def trace_of(run: Run) -> dict[str, Any]:
    """The content of a trace file."""
    writer = _Writer(run)
    head = writer.head()
    return {**head, "records": [(*row[:4], row[4].number, row[5]) for row in writer.rows]}


def text_of(run: Run) -> str:
    """The same as JSON."""
    writer = _Writer(run)
    head = json.dumps(writer.head(), ensure_ascii=False, separators=(",", ":"))
    # A program may print half of a surrogate pair, which UTF-8 does not have.
    head = head.encode("utf-8", "replace").decode("utf-8")
    # Most of a file are its records. They are numbers and plain words, which need no encoder.
    records = ",".join(
        [
            f'[{at_ns},{who},"{state}",{lane},{segment.number},{cause}]'
            for at_ns, who, state, lane, segment, cause in writer.rows
        ]
    )
    return f'{head[:-1]},"records":[{records}]}}'


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
        # By the watcher's numbers; None if the file does not have the instance.
        used = set(map(itemgetter(1), run.records))
        self.lives: list[_Life | None] = []
        number = 0
        for instance in run.watcher.instances:
            if instance.hidden or instance.number not in used:
                self.lives.append(None)
            else:
                self.lives.append(_Life(instance, number))
                number += 1
        # The same as numbers. The last one is for -1, which means none.
        self.numbers = [-1 if life is None else life.number for life in self.lives] + [-1]
        # The records in the file's numbers. `head` numbers the segments in them.
        self.rows = self._read()

    def head(self) -> dict[str, Any]:
        """Everything but the records."""
        script = self._script()
        run = self.run
        order = {task.name: number for number, task in enumerate(self.tasks.values())}
        counts = dict.fromkeys(order, 0)
        instances = []
        for life in self.lives:
            if life is None:
                continue
            name, instance = life.task.name, life.instance
            counts[name] += 1
            parent = self.numbers[instance.parent]
            role = "arrived" if parent < 0 and instance.role != "handler" else instance.role
            instances.append([order[name], counts[name], parent, role, 0])
        return {
            "schema": SCHEMA,
            "kind": "measured",
            "runtime": "asyncio, virtual clock",
            "versions": {"Python": ".".join(map(str, sys.version_info[:3]))},
            "scale": 1.0,
            "script": script,
            "ending": {"deadlock": "deadlock", "limit": "limit"}.get(run.ending, "finished"),
            "end_ns": min(run.total_ns, WEEK),
            "instances": instances,
            "lanes": [[kind, 0] for kind in run.watcher.lanes],
            # Beyond the format: the program, and the line of each segment.
            "program": self._program(),
            "lines": self._lines(),
        }

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

    def _read(self) -> list[tuple[int, int, str, int, _Segment, int]]:
        """The records with their segments, and the instances by the file's numbers."""
        rows = []
        lives, numbers = self.lives, self.numbers
        for at_ns, instance, state, lane, place, cause in self.run.records:
            life = lives[instance]
            if life is None:
                continue
            task = life.task
            if task is None:
                task = life.task = self._task_of(life.instance)
            try:
                segment = task.met[state, place]
            except KeyError:
                segment = task.met[state, place] = self._segment_of(task, state, place)
            if state not in _MARKS:
                held = life.held
                if held is not None and at_ns - life.since_ns > held.longest_ns:
                    held.longest_ns = at_ns - life.since_ns
                life.held, life.since_ns = segment, at_ns
            if segment is None:
                segment = life.segment or self._segment_at(task, "yield", place)
            else:
                life.segment = segment
            if lane >= 0 and state not in _HOLDING:
                lane = -1
            cause = -1 if cause == instance else numbers[cause]
            rows.append((at_ns, life.number, state, lane, segment, cause))
        return rows

    def _segment_of(self, task: _Task, state: str, place: Place | None) -> _Segment | None:
        kind = _kind(state, task.on_thread)
        return None if kind is None else self._segment_at(task, kind, place)

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
