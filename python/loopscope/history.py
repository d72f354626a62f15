"""What happened to the tasks of a run: an entry for each task, and all events in order.

Both have the fields and the meaning of the data contract (docs/data-contract.md), which the
program `loopscope` writes: crates/model/src/trace/events.rs derives the events in the same way.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Iterator
from typing import Any

from .result import Run
from .sources import Place
from .watcher import TERMINAL, Instance, Record

_KINDS = {
    "running": "run",
    "blocking": "block",
    "awaiting": "await",
    "offloaded": "offload",
    "printed": "print",
    "responded": "respond",
    "cancel_requested": "cancel_requested",
    "timed_out": "timeout",
    "done": "finish",
    "failed": "fail",
    "cancelled": "cancel",
}
"""Events that are not named like their state; `waiting_item` is `wait_item`."""

_MARKS = frozenset(("printed", "responded", "cancel_requested", "timed_out"))
_STAYS = frozenset(("ready", "responded", "cancel_requested", "timed_out"))
"""States that leave an instance where it is."""

_STALLS = frozenset(("queued_gil", "queued_core"))
_CALLS = ("offloaded", "queued_token", "queued_executor", "queued_process")
"""The states of a caller that waits for a call on a thread."""

_HOLDING = frozenset(("running", "blocking")) | _STALLS
"""States in which an instance holds its lane, or queues for it."""

_ELSEWHERE = ("offloaded", "sent", "part")
"""The roles of what never waits on a loop."""


def kind_of(state: str) -> str:
    """The name of the event of entering a state, e.g. `queue_token` of `queued_token`."""
    known = _KINDS.get(state)
    return known or state.replace("queued_", "queue_").replace("waiting_", "wait_")


class _Progress:
    """What is known about an instance between two records."""

    __slots__ = (
        "instance",
        "number",
        "role",
        "turn",
        "place",
        "site",
        "has_site",
        "started",
        "state",
        "result_of",
        "stalled",
        "entry",
    )

    def __init__(self, instance: Instance, number: int) -> None:
        self.instance = instance
        # Counts the instances of its name from 1.
        self.number = number
        # What the program's own lines make arrives, as no task made it.
        self.role = "arrived"
        # `""` before its first record, then `due`, `step` or `waiting`.
        self.turn = ""
        # The line of its latest record.
        self.place: Place | None = None
        # The line at which it works or waits, once it does.
        self.site: Place | None = None
        self.has_site = False
        self.started = False
        self.state = ""
        # The call on a thread whose result it gets at its next turn.
        self.result_of: _Progress | None = None
        # Whether its turn is next, but its thread lacks the GIL or a core.
        self.stalled = False
        self.entry: dict[str, Any] = {}


class History:
    """The tasks and events of a run, as dictionaries of the data contract."""

    def __init__(self, run: Run) -> None:
        self._own = run.program.is_own
        used = {record[1] for record in run.records}
        counts: Counter[str] = Counter()
        self._progress: dict[int, _Progress] = {}
        self._lanes = list(_lane_names(run.watcher.lanes))
        # What each instance still prints, by its number.
        self._output: dict[int, deque[str]] = defaultdict(deque)
        for _, number, _, text, _ in run.output.lines:
            self._output[number].append(text)
        for instance in run.watcher.instances:
            if instance.number in used and not instance.hidden:
                counts[instance.name] += 1
                self._progress[instance.number] = _Progress(instance, counts[instance.name])
        self.events: list[dict[str, Any]] = []
        for record in run.records:
            if record[1] in self._progress:
                self._read(record)
        self.tasks = [progress.entry for progress in self._progress.values()]

    def _reference(self, number: int) -> dict[str, Any] | None:
        known = self._progress.get(number)
        return None if known is None else {"name": known.instance.name, "number": known.number}

    def _read(self, record: Record) -> None:
        at_ns, number, state, lane, _, cause = record
        who = self._progress[number]
        place = self._place_of(who, record)
        self._track_result(who, at_ns, state, cause)
        before, first = who.turn, who.turn == ""
        if state not in _HOLDING:
            lane = -1
        if cause == number:
            cause = -1
        by = self._progress.get(cause)
        parent = self._progress.get(who.instance.parent)
        creator = by or (parent if first else None)
        # A task wakes or makes another one only during its turn.
        if creator is not None and creator is not who and self._is_due_on_loop(creator):
            self._take_turn(creator, at_ns, -1, creator.place)
        if first:
            self._arrive(who, at_ns, place)
            if who.role not in ("offloaded", "part"):
                self._add(who, "arrive", at_ns, lane, place, cause)
        if self._is_turn(who, state, first):
            self._take_turn(who, at_ns, lane, place)
        self._enter(who, (at_ns, number, state, lane, place, cause), before)
        who.place = place

    def _track_result(self, who: _Progress, at_ns: int, state: str, cause: int) -> None:
        """A call on a thread responds when the loop runs its caller with the result."""
        call = who.result_of
        if call is not None and state != "ready":
            who.result_of = None
            if call.entry["respond_ns"] is None:
                call.entry["respond_ns"] = at_ns
        elif who.state == "offloaded" and state == "ready":
            call = self._progress.get(cause)
            is_own = call is not None and call.instance.parent == who.instance.number
            who.result_of = call if is_own and call.role == "offloaded" else None
        if state not in _MARKS:
            who.state = state

    def _place_of(self, who: _Progress, record: Record) -> Place | None:
        """A wake-up, an end and a mark but `print` are at the line at which the instance was."""
        _, _, state, _, place, _ = record
        if who.has_site and (state in _STAYS or state in TERMINAL):
            return who.site
        if place is not None and not self._own(place[0]):
            place = None
        if state not in _STAYS and state not in TERMINAL:
            who.site, who.has_site = place, True
        return place

    def _arrive(self, who: _Progress, at_ns: int, place: Place | None) -> None:
        who.turn, who.place = "due", place
        instance = who.instance
        parent = self._reference(instance.parent)
        if parent is not None:
            who.role = instance.role
        who.entry = {
            "name": instance.name,
            "number": who.number,
            "role": who.role,
            "parent": parent,
            # Of the server processes that a script can have.
            "server": 1,
            "at_ns": at_ns,
            "start_ns": None,
            "finish_ns": None,
            "respond_ns": None,
            "outcome": "running",
            **_named(place),
        }

    def _is_due_on_loop(self, who: _Progress) -> bool:
        return who.turn == "due" and not _is_elsewhere(who)

    def _is_turn(self, who: _Progress, state: str, first: bool) -> bool:
        if first and state == "ready" or state in _STALLS:
            return False
        if state == "queued_job" or state in ("cancel_requested", "timed_out"):
            return False
        if _is_elsewhere(who) and state.startswith("queued_"):
            return False
        if who.turn == "due":
            if state == "ready" and who.stalled:
                return False
            # Cancelled before its first step, so its body never began.
            return state != "cancelled" or who.started
        return who.turn == "waiting" and state in ("running", "blocking")

    def _take_turn(self, who: _Progress, at_ns: int, lane: int, place: Place | None) -> None:
        who.turn = "step"
        if who.started:
            if not _is_elsewhere(who):
                self._add(who, "resume", at_ns, lane, place)
            return
        who.started = True
        who.entry["start_ns"] = at_ns
        caller = self._progress.get(who.instance.parent)
        if who.role == "offloaded" and (caller is None or caller.state not in _CALLS):
            # Only a caller that waits for the call says when it asked for it.
            who.entry["at_ns"] = at_ns
        self._add(who, "start", at_ns, lane, place)

    def _enter(self, who: _Progress, record: Record, before: str) -> None:
        at_ns, _, state, lane, place, cause = record
        if state == "ready":
            is_back = who.stalled and who.turn == "due"
            who.stalled = False
            who.turn = "due"
            if is_back or not before:
                return
            kind = "wake" if before == "waiting" else "yield"
            self._add(who, kind, at_ns, lane, place, cause)
            return
        if state in _STALLS:
            who.stalled = who.turn == "due"
        elif state in TERMINAL:
            who.turn = "waiting"
            who.entry["outcome"] = state
            who.entry["finish_ns"] = at_ns
            is_answer = state != "cancelled" and who.role != "offloaded"
            if is_answer and who.entry["respond_ns"] is None:
                who.entry["respond_ns"] = at_ns
        elif state == "responded":
            if who.entry["respond_ns"] is not None:
                return
            who.entry["respond_ns"] = at_ns
        elif state not in _MARKS and state not in ("running", "blocking", "queued_job"):
            if not (_is_elsewhere(who) and state.startswith("queued_")):
                who.turn = "waiting"
        self._add(who, kind_of(state), at_ns, lane, place, cause)

    def _add(
        self,
        who: _Progress,
        kind: str,
        at_ns: int,
        lane: int,
        place: Place | None,
        cause: int = -1,
    ) -> None:
        event: dict[str, Any] = {
            "t_ns": at_ns,
            "task": who.instance.name,
            "number": who.number,
            "kind": kind,
            **_named(place),
        }
        if lane >= 0:
            event["lane"] = self._lanes[lane]
        if kind == "print":
            own = self._output[who.instance.number]
            event["text"] = own.popleft() if own else ""
        reference = self._reference(cause)
        if reference is not None:
            event["cause"] = reference
        self.events.append(event)


def _is_elsewhere(who: _Progress) -> bool:
    return who.role in _ELSEWHERE


def _named(place: Place | None) -> dict[str, Any]:
    return {} if place is None else {"line": place[1], "file": place[0]}


def _lane_names(kinds: list[str]) -> Iterator[str]:
    """`loop`, `thread 1`, `thread 2`, `process 1`."""
    counts: Counter[str] = Counter()
    for kind in kinds:
        counts[kind] += 1
        yield kind if kind == "loop" else f"{kind} {counts[kind]}"
