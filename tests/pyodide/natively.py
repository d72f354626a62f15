"""Runs the programs of python/tests/programs natively, for programs.test.mjs.

Prints a JSON list of `{name, source, options, result}`.
"""

import contextlib
import io
import json
import os
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "python", "tests"))

from check import PROGRAMS, claims

from loopscope import sources
from loopscope.embedded import run_source

LISTS = {"requests": "requests", "stand_in": "stand_ins", "input": "input"}
COUNTS = ("steps", "output")


def options_of(told: list[tuple[str, str]]) -> dict:
    """The options of `check.py` as those of `embedded.py`."""
    options: dict = {}
    for word, rest in told:
        if word != "with":
            continue
        name, _, value = rest.partition(" ")
        if name in LISTS:
            options.setdefault(LISTS[name], []).append(value)
        elif name == "arguments":
            options["arguments"] = value.split()
        elif name == "real_limit":
            options["real_seconds"] = float(value)
        else:
            options[name] = int(value) if name in COUNTS else value
    return options


def main() -> None:
    found = []
    for name in sorted(os.listdir(PROGRAMS)):
        if not name.endswith(".py"):
            continue
        filename = os.path.join(PROGRAMS, name)
        told = claims(filename)
        words = {word: rest for word, rest in told}
        # Libraries are in this Python or not; `fastapi.test.mjs` has the programs that need them.
        if "needs" in words:
            continue
        if "from" in words and sys.version_info < tuple(map(int, words["from"].split("."))):
            continue
        try:
            source = sources.read(filename)
        except SyntaxError:
            # The page has texts, not files in encodings.
            continue
        options = options_of(told)
        try:
            with contextlib.redirect_stderr(io.StringIO()):
                result = run_source(source, options)
        except ValueError as error:
            result = {"refused": str(error)}
        result.pop("trace", None)
        found.append({"name": name, "source": source, "options": options, "result": result})
    json.dump(found, sys.stdout)


main()
