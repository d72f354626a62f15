"""The exported program of a real run, and the way back from it to the script: from lines to
segments, from functions to tasks. The plan of the run says both.
"""

import functools
import json
import os
import sys
import unicodedata
from operator import itemgetter

from loopscope.functions import own_function
from loopscope.sources import Program


def begin(folder):
    """Reads the plan of the run in this folder, and keeps this process on its cores."""
    with open(os.path.join(folder, "plan.json"), encoding="utf-8") as file:
        plan = json.load(file)
    if plan["affinity"] and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, plan["affinity"])
    return plan


def write_result(folder, name, result):
    """Writes a file that is complete as soon as it has its name."""
    unfinished = os.path.join(folder, f"{name}.unfinished")
    with open(unfinished, "w", encoding="utf-8") as file:
        json.dump(result, file)
    os.replace(unfinished, os.path.join(folder, name))


class Script(Program):
    """The exported program, and the way from its lines and functions to the script."""

    def __init__(self, plan, filename):
        super().__init__(filename, "")
        # E.g. `{12: 3}`: line 12 of the program comes from segment 3.
        self.segments = {int(line): segment for line, segment in plan["lines"].items()}
        # Python normalises identifiers to NFKC, so `__name__` differs from the script's spelling.
        normal = functools.partial(unicodedata.normalize, "NFKC")
        self.functions = {normal(name): entry for name, entry in plan["functions"].items()}

    def is_own(self, filename):
        return filename == self.filename

    def owns(self, code):
        """Not a helper, e.g. `burn`, which is a part of the statement that calls it."""
        return self.is_own(code.co_filename) and any(
            line in self.segments for _, _, line in code.co_lines()
        )

    def function_in(self, function):
        """The script's function inside what a library hands to a thread; None if there is none."""
        found = own_function(function, self.is_own)
        return found if found is not None and found.__name__ in self.functions else None

    def task_name(self, coroutine):
        """The script's task that a coroutine is a run of; empty for other coroutines."""
        code = getattr(coroutine, "cr_code", None)
        if code is None:
            return ""
        name = coroutine.__name__
        # FastAPI imports `run_in_threadpool`; the asyncio program defines its own.
        if name == "run_in_threadpool" and name not in self.functions and coroutine.cr_frame:
            variables = coroutine.cr_frame.f_locals
            name = getattr(variables.get("work") or variables.get("func"), "__name__", "")
        elif not self.is_own(code.co_filename):
            return ""
        return name if name in self.functions and self.functions[name][0] == "task" else ""


def result(watcher, ending, end_ns):
    """The content of `trace.json`.

    A record is `[nanoseconds, instance, state, lane, segment, cause]`, an instance
    `[task, parent, role, server]`, a lane `[kind, server, key]`; -1 means none. For
    example, `[5000000, 0, "ready", -1, 3, 1]`: at 5 ms instance 1 woke instance 0.
    """
    functions, segments = watcher.program.functions, watcher.program.segments
    # Without those that no thread ever began, e.g. because their caller gave up.
    used = set(map(itemgetter(1), watcher.records))
    instances, numbers, first = [], {}, {}
    for instance in watcher.instances[1:]:
        number = instance.number
        if instance.name not in functions or number not in used:
            continue
        _, task, first[number] = functions[instance.name]
        parent, role = numbers.get(instance.parent, -1), instance.role
        if parent < 0:
            role = "handler" if number in watcher.handlers else "arrived"
        numbers[number] = len(instances)
        instances.append([task, parent, role, watcher.server])
    records, at_segment = [], {}
    for at_ns, who, state, lane, place, cause in watcher.in_order():
        if who not in numbers:
            continue
        if who not in at_segment:
            # It was just made, and its place is the line that made it.
            at_segment[who] = first[who]
        elif place is not None:
            at_segment[who] = segments.get(place[1], at_segment[who])
        cause = numbers.get(cause, -1) if cause != who else -1
        records.append([at_ns, numbers[who], state, lane, at_segment[who], cause])
    return {
        "instances": instances,
        "lanes": [[kind, watcher.server, key] for kind, key in watcher.lane_numbers],
        "records": records,
        "ending": ending,
        "end_ns": end_ns,
        "versions": {"Python": ".".join(map(str, sys.version_info[:3]))},
    }
