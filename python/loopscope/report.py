"""The result of a run in words, for a terminal."""

from collections import Counter

from .durations import show
from .explain import explanation
from .machine import at
from .problems import Problem
from .result import Run
from .sources import Place
from .watcher import Instance

LINES_MAX = 200
"""Lines of output that are shown; a file can hold the rest."""

FINDINGS_MAX = 5

WAITS = {
    "awaiting": "waits for time to pass",
    "waiting_permit": "waits for a lock or semaphore that is not released",
    "waiting_item": "waits for an item that is never put into the queue",
    "waiting_room": "waits for room in a queue that is never emptied",
    "waiting_event": "waits for an event or a future that is never set",
    "waiting_notify": "waits for a notification that never comes",
    "waiting_task": "waits for another task",
    "waiting_all": "waits for its tasks",
    "offloaded": "waits for work on a thread",
    "queued_token": "waits for a thread of the pool",
}


def text(run: Run, limit: int = LINES_MAX) -> str:
    """Everything that a person wants to know about a run."""
    parts = [*_output(run, limit), *_problems(run), *_ending(run), *_responses(run)]
    parts += [_total(run), *_findings(run), *_notes(run)]
    return "\n".join(parts) + "\n"


def _output(run: Run, limit: int) -> list[str]:
    lines = run.output.lines
    shown = lines[:limit]
    width = max((len(show(at_ns)) for at_ns, *_ in shown), default=0)
    result = [f"{show(at_ns):>{width}}  {words}" for at_ns, _, _, words, _ in shown]
    if len(lines) > limit:
        result.append(f"… and {len(lines) - limit:,} more lines")
    return result


def _problems(run: Run) -> list[str]:
    return [line for problem in run.problems[:10] for line in problem_lines(run, problem)]


def problem_lines(run: Run, problem: Problem) -> list[str]:
    """An error: where, what, the line itself, and what to do."""
    task = f" in task `{problem.task}`" if problem.task else ""
    lines = [
        f"error: {where(run, problem.place)}{problem.kind}: {problem.message}{task}".rstrip(": ")
    ]
    source = run.program.line(problem.place)
    if source:
        lines.append(f"    {source}")
    called = [str(line) for _, line in problem.frames[:-1]][-5:]
    if called:
        lines.append(f"    called from line {', '.join(called)}")
    words = explanation(problem.kind, problem.message)
    if words:
        lines.append(f"    {words}")
    return lines


def where(run: Run, place: Place | None) -> str:
    """`line 12: `, or `helper.py line 12: ` for another file of the program."""
    if place is not None and place[0] != run.program.filename:
        return f"{place[0].rpartition('/')[2]} {at(place)}"
    return at(place)


def _ending(run: Run) -> list[str]:
    if run.ending in ("finished", "error"):
        return []
    lines = [f"stopped: {run.message}"]
    if run.ending not in ("deadlock", "limit"):
        return lines
    for instance in run.waiting[:10]:
        lines.append(f"    {waiting_words(run, instance)}")
    if len(run.waiting) > 10:
        lines.append(f"    … and {len(run.waiting) - 10:,} more")
    return lines


def waiting_words(run: Run, instance: Instance) -> str:
    words = WAITS.get(instance.state, "waits")
    return f"{where(run, instance.place)}`{instance.name}` {words}"


def _responses(run: Run) -> list[str]:
    if not run.responses:
        return []
    lines = []
    by_route: dict[str, list] = {}
    for response in run.responses:
        by_route.setdefault(response.route, []).append(response)
    for route, responses in by_route.items():
        statuses = Counter(str(response.status or "no answer") for response in responses)
        told = ", ".join(f"{count} × {status}" for status, count in sorted(statuses.items()))
        latencies = sorted(r.latency_ns for r in responses if r.latency_ns is not None)
        line = f"{route}: {told}"
        if latencies:
            middle, last = latencies[(len(latencies) - 1) // 2], latencies[-1]
            line += f"; answered after {show(middle)} in the middle, {show(last)} at most"
        lines.append(line)
    return lines


def _total(run: Run) -> str:
    instances = [instance for instance in run.watcher.instances[1:] if not instance.hidden]
    tasks = [instance for instance in instances if instance.role != "offloaded"]
    calls = len(instances) - len(tasks)
    words = f"total {show(run.total_ns)}"
    if not run.is_exact:
        words = f"total about {show(run.total_ns)} (computing was measured, so it is not exact)"
    counts = [f"{len(tasks):,} {'task' if len(tasks) == 1 else 'tasks'}"] if tasks else []
    if calls:
        counts.append(f"{calls:,} {'call' if calls == 1 else 'calls'} on threads")
    outcomes = Counter(instance.outcome for instance in tasks)
    for outcome in ("failed", "cancelled"):
        if outcomes[outcome]:
            counts.append(f"{outcomes[outcome]:,} {outcome}")
    return f"{words}: {', '.join(counts)}" if counts else words


def _findings(run: Run) -> list[str]:
    lines = []
    for line in run.blamed[:FINDINGS_MAX]:
        if not line.waited_ns:
            continue
        verb = "a blocking call holds" if line.state == "blocking" else "computing holds"
        often = f"{line.times} × " if line.times > 1 else ""
        lines.append(
            f"! {where(run, line.place)}{verb} the event loop {often}{show(line.longest_ns)}; "
            f"others wait {show(line.waited_ns)} in total"
        )
        source = run.program.line(line.place)
        if source:
            lines.append(f"    {source}")
    return lines


def _notes(run: Run) -> list[str]:
    return [f"note: {where(run, place)}{words}" for place, words in run.notes[:20]]
