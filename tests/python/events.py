"""The events of an exported program that are compared: prints, responses, ends of tasks.

An event is `[time in ns, task, number, kind, text]`. It comes from the records of the package
`python/loopscope`, which ran or watched the program.
"""

import collections
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "python"))

KINDS = {"printed": "print", "responded": "respond", "done": "end", "failed": "end", "cancelled": "end"}
"""By the state of a record."""

NO_TASKS = {"main", "run_in_threadpool"}
"""Functions of an exported program that no task of the script stands for."""


class Numbering:
    """The instances that are tasks of the script, with their numbers."""

    def __init__(self, source, instances):
        functions = set(re.findall(r"^(?:async )?def (\w+)\(", source, re.MULTILINE)) - NO_TASKS
        counts = collections.Counter()
        self.names = {}
        # The first one is the module.
        for instance in instances[1:]:
            if instance.name in functions and instance.role != "offloaded":
                counts[instance.name] += 1
                self.names[instance.number] = [instance.name, counts[instance.name]]

    def events(self, records, texts):
        """`texts` are what the records `printed` say, in their order."""
        texts = iter(texts)
        events = []
        for at_ns, who, state, *_ in records:
            text = next(texts) if state == "printed" else ""
            kind = KINDS.get(state)
            if kind is None or who not in self.names:
                continue
            if text is None:
                kind, text = "respond", ""
            events.append([at_ns, *self.names[who], kind, state if kind == "end" else text])
        return events
