"""Writes a run as `loopscope.trace/1` (docs/trace-format.md), which `loopscope open` draws.

The format numbers tasks and segments by a script. So the run gets one: each function is a
task, and each kind of wait at each line is a segment whose label is the line, e.g.
`await 1s "12: await fetch(url)"`. The script names what happened; it does not repeat it.
"""

import json
import re
import sys
import unicodedata
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
_MARKS = ("printed", "responded", "cancel_requested", "timed_out")
_ON_THREADS = ("offloaded", "sent", "part")


class _Segments:
    """The segments of one task, by kind and place, in the order in which they were met."""

    def __init__(self, name: str, original: str, on_thread: bool) -> None:
        self.name = name
        # The name in the program, e.g. `Client.fetch`.
        self.original = original
        self.on_thread = on_thread
        self.keys: dict[tuple[str, Place | None], int] = {}
        self.lengths: dict[tuple[str, Place | None], int] = {}

    def index(self, kind: str, place: Place | None) -> tuple[str, Place | None]:
        key = (kind, place)
        self.keys.setdefault(key, len(self.keys))
        return key


def trace_of(run: Run) -> dict[str, Any]:
    """The content of a trace file."""
    return _Writer(run).file()


def write(run: Run, filename: str) -> None:
    # A program may print half of a surrogate pair, which UTF-8 does not have.
    with open(filename, "w", encoding="utf-8", errors="replace") as file:
        # `dumps` encodes in C, `dump` does not.
        file.write(json.dumps(trace_of(run), ensure_ascii=False, separators=(",", ":")) + "\n")


class _Writer:
    def __init__(self, run: Run) -> None:
        self.run = run
        self.program = run.program
        watcher = run.watcher
        used = {record[1] for record in watcher.records}
        self.instances: list[Instance] = [
            instance
            for instance in watcher.instances
            if instance.number in used and not instance.hidden
        ]
        self.tasks: dict[tuple[str, bool], _Segments] = {}
        self.names: set[str] = set()
        # By the watcher's number: the number in the file.
        self.numbers = {instance.number: n for n, instance in enumerate(self.instances)}
        self.segment_total = 0

    def file(self) -> dict[str, Any]:
        records = self._records()
        script, first = self._script()
        rows = []
        for at_ns, who, state, lane, key, cause in records:
            task = self._task_of(self.instances[who])
            rows.append([at_ns, who, state, lane, first[task.name] + task.keys[key], cause])
        run = self.run
        order = {task.name: number for number, task in enumerate(self.tasks.values())}
        counts: dict[str, int] = {}
        instances = []
        for instance in self.instances:
            task = self._task_of(instance)
            counts[task.name] = counts.get(task.name, 0) + 1
            parent = self.numbers.get(instance.parent, -1)
            role = "arrived" if parent < 0 and instance.role != "handler" else instance.role
            instances.append([order[task.name], counts[task.name], parent, role, 0])
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
            "records": rows,
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
                [at_ns, self.numbers.get(who, -1), stream, text, place]
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
        places = [place for task in self.tasks.values() for _, place in task.keys]
        for problem in self.run.problems[:PROBLEMS_MAX]:
            places += [problem.place, *problem.frames]
        names = {place[0]: None for place in places if place is not None}
        names.pop(self.program.filename, None)
        return [[name, "\n".join(file_lines(name))] for name in names]

    def _task_of(self, instance: Instance) -> _Segments:
        on_thread = instance.role in _ON_THREADS
        key = (instance.name, on_thread)
        task = self.tasks.get(key)
        if task is None:
            if len(self.tasks) >= TASKS_MAX:
                key = ("others", on_thread)
                task = self.tasks.get(key)
            if task is None:
                name = self._free_name(key[0])
                task = self.tasks[key] = _Segments(name, key[0], on_thread)
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

    def _records(self) -> list[tuple]:
        """The records in the file's numbers; each has its segment's key."""
        result = []
        since: dict[int, tuple[int, tuple | None]] = {}
        last: dict[int, tuple] = {}
        for at_ns, number, state, lane, place, cause in self.run.watcher.in_order():
            who = self.numbers.get(number)
            if who is None:
                continue
            task = self._task_of(self.instances[who])
            kind = _kind(state, task.on_thread)
            if kind is None:
                key = last.get(who) or self._key(task, "yield", place)
            else:
                key = self._key(task, kind, place)
                last[who] = key
            if state not in _MARKS:
                began, held = since.get(who, (at_ns, None))
                if held is not None:
                    task.lengths[held] = max(task.lengths.get(held, 0), at_ns - began)
                since[who] = (at_ns, key if kind is not None else None)
            cause = -1 if cause == number else self.numbers.get(cause, -1)
            result.append((at_ns, who, state, lane if state in _HOLDING else -1, key, cause))
        return result

    def _key(self, task: _Segments, kind: str, place: Place | None) -> tuple:
        # E.g. the coroutine of this package that sends a request.
        if place is not None and not self.program.is_own(place[0]):
            place = None
        key = (kind, place)
        if key not in task.keys:
            if self.segment_total >= SEGMENTS_MAX:
                key = (kind, None)
            if key not in task.keys:
                self.segment_total += 1
                task.index(*key)
        return key

    def _script(self) -> tuple[str, dict[str, int]]:
        """The text, and for each task the number of its first segment."""
        lines = [f"# What {_base(self.program.filename)} did, line by line."]
        first: dict[str, int] = {}
        count = 0
        # A task that was met without any segment still needs one.
        for task in self.tasks.values():
            first[task.name] = count
            if not task.keys:
                task.index("yield", None)
            lines.append(f"def {task.name}:" if task.on_thread else f"async def {task.name}:")
            for kind, place in task.keys:
                length = min(task.lengths.get((kind, place), 0), DAY_NS)
                lines.append(f"    {self._segment(task, kind, length, place)}")
            count += len(task.keys)
        arrived = {
            self._task_of(instance).name: None
            for instance in self.instances
            if instance.parent < 0 or instance.parent not in self.numbers
        }
        lines.append("run " + ", ".join(arrived) if arrived else "")
        return "\n".join(lines) + "\n", first

    def _segment(self, task: _Segments, kind: str, length: int, place: Place | None) -> str:
        label = self._label(place)
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
        places = [place for task in self.tasks.values() for _, place in task.keys]
        return [None if place is None else [place[0], place[1]] for place in places]


_HOLDING = ("running", "blocking", "queued_gil", "queued_core")
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
