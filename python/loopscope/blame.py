"""Which lines made others wait: time that ready tasks spent waiting for the loop, charged to
the line that held it meanwhile."""

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from operator import itemgetter

from .sources import Place
from .watcher import LOOP_LANE, Record

_MARKS = frozenset(("printed", "responded", "cancel_requested", "timed_out"))
_HOLDS = frozenset(("blocking", "running"))


@dataclass
class Blamed:
    """A line that held the loop."""

    place: Place | None
    #: `blocking`, or `running` for computing.
    state: str
    held_ns: int = 0
    longest_ns: int = 0
    times: int = 0
    #: How long others waited because of it, added up.
    waited_ns: int = 0


def blamed_lines(records: list[Record]) -> list[Blamed]:
    """The worst first; lines that held the loop for no time are left out."""
    # Most programs never hold the loop.
    if not _HOLDS & set(map(itemgetter(2), records)):
        return []
    holds: list[tuple[int, int, Place | None, str]] = []
    readies: list[tuple[int, int]] = []
    # By instance: the record that began what it is in.
    began: dict[int, Record] = {}
    for record in records:
        at_ns, who, state, *_ = record
        if state in _MARKS:
            continue
        before = began.pop(who, None)
        if before is not None and at_ns > before[0]:
            since_ns, _, was, lane, place, _ = before
            if was == "ready":
                readies.append((since_ns, at_ns))
            elif lane == LOOP_LANE:
                holds.append((since_ns, at_ns, place, was))
        if state == "ready" or state in _HOLDS:
            began[who] = record
    waiting = _WaitingBefore(readies)
    lines: dict[tuple[Place | None, str], Blamed] = {}
    for began_ns, end_ns, place, state in holds:
        line = lines.setdefault((place, state), Blamed(place, state))
        line.held_ns += end_ns - began_ns
        line.longest_ns = max(line.longest_ns, end_ns - began_ns)
        line.times += 1
        line.waited_ns += waiting.before(end_ns) - waiting.before(began_ns)
    return sorted(lines.values(), key=lambda line: (-line.waited_ns, -line.held_ns))


class _WaitingBefore:
    """How much waiting there was before an instant, summed over all tasks."""

    def __init__(self, intervals: list[tuple[int, int]]) -> None:
        changes: dict[int, int] = defaultdict(int)
        for began_ns, end_ns in intervals:
            changes[began_ns] += 1
            changes[end_ns] -= 1
        self.times: list[int] = sorted(changes)
        self.sums: list[int] = []
        self.counts: list[int] = []
        count = total = 0
        last = self.times[0] if self.times else 0
        for at_ns in self.times:
            total += count * (at_ns - last)
            count += changes[at_ns]
            self.sums.append(total)
            self.counts.append(count)
            last = at_ns

    def before(self, at_ns: int) -> int:
        index = bisect_right(self.times, at_ns) - 1
        if index < 0:
            return 0
        return self.sums[index] + self.counts[index] * (at_ns - self.times[index])
