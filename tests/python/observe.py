"""Runs many exported programs on the virtual clock of `python/loopscope`, in one process.

Reads lines of JSON, `{"id": …, "source": …}`, and answers each with a line:
`{"id": …, "events": […], "ending": …, "waiting": […]}`, or `{"id": …, "error": …}`.
"""

import gc
import io
import json
import os
import sys
import traceback

from events import Numbering

from loopscope.durations import WEEK
from loopscope.limits import Limits
from loopscope.runner import Options, run_source

SECONDS_MAX = 20.0
"""Of CPU time for one program, which takes a few milliseconds."""

ENDINGS = {"finished": "finished", "exit": "finished", "deadlock": "deadlock", "limit": "limit"}


def observe(source):
    """Runs a program to its end; what it did, and how it was over."""
    options = Options(limits=Limits(time_ns=WEEK, real_seconds=SECONDS_MAX))
    run = run_source(with_exact_computing(source), "program.py", options)
    if run.ending not in ENDINGS:
        problems = [f"{problem.kind}: {problem.message}" for problem in run.problems]
        return {"error": "; ".join([run.ending, run.message, *problems])}
    numbering = Numbering(source, run.watcher.instances)
    responding = line_of_respond(source)
    texts = [
        None if place and place[1] == responding else text
        for _, _, _, text, place in run.output.lines
    ]
    waiting = [numbering.names[i.number] for i in run.waiting if i.number in numbering.names]
    return {
        "events": numbering.events(run.records, texts),
        "ending": ENDINGS[run.ending],
        "waiting": waiting,
    }


def with_exact_computing(source):
    """The program with `burn` on the virtual clock: the exported one reads the clock in a loop,
    which ends after its last reading and so a little late."""
    if "\ndef burn(seconds):\n" not in source:
        return source
    main = '\n\nif __name__ == "__main__":\n'
    return source.replace(main, "\nfrom loopscope import cpu as burn" + main[1:], 1)


def line_of_respond(source):
    """The line at which the exported `respond` prints; None if the program has none."""
    lines = source.splitlines()
    if "def respond():" not in lines:
        return None
    return next(n for n in range(lines.index("def respond():") + 1, len(lines)) if "print(" in lines[n]) + 1


def answer(request):
    try:
        return observe(request["source"])
    except BaseException:
        return {"error": traceback.format_exc()}


def main():
    if sys.version_info < (3, 11):
        sys.exit(f"Python 3.11 or newer is needed, this is {sys.version}")
    # A collection in the middle of a program could end its forgotten tasks; each run has one at
    # its end, which need not look through what all runs share.
    gc.disable()
    gc.freeze()
    # A coroutine that was never awaited warns when it is freed after its run: leaves that out.
    answers, sys.stdout = sys.stdout, io.StringIO()
    sys.unraisablehook = lambda unraisable: None
    for line in sys.stdin:
        request = json.loads(line)
        reply = {"id": request["id"], **answer(request)}
        answers.write(json.dumps(reply, ensure_ascii=False) + "\n")
    answers.flush()
    # At the end of a process, forgotten coroutines print to the real standard output.
    os._exit(0)


if __name__ == "__main__":
    main()
