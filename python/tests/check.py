"""One `check` for all program files: runs a program and compares with its leading comment.

The comment's lines, each optional but one of the first four:

    # total 5s                       the run's length, exact
    # ending deadlock                finished (the default), error, exit, deadlock, limit, refused
    # prints f 1 | f 2               all lines of output, in order
    # prints@ 1s f 1 | 2s f 2        the same with their times
    # error ValueError line 7: text  a problem: kind, line, words of its message
    # says line 4: words             words of the report
    # ends f done, g cancelled       outcomes, of the last instance of each name
    # waits f line 3 waiting_item    what a task of a deadlock waits for
    # with time_limit 1min           options: see `options`
    # from 3.12                      the oldest Python for which it holds
    # needs fastapi                  a library without which it is left out
"""

import importlib.util
import os
import sys
import unittest

# So that the tests run from a clone, with nothing installed.
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from loopscope import durations, report, sources
from loopscope.limits import Limits
from loopscope.runner import Options, Run, run_file

PROGRAMS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "programs")


def claims(filename: str) -> list[tuple[str, str]]:
    """The leading comment as (word, rest)."""
    found = []
    with open(filename, "rb") as file:
        data = file.read()
    try:
        text = sources.decode(data)
    except SyntaxError:
        text = data.decode("utf-8", "replace")
    for line in text.splitlines():
        if line.startswith("# -*-"):
            continue
        if not line.startswith("# "):
            break
        word, _, rest = line[2:].partition(" ")
        found.append((word, rest))
    return found


def options(told: list[tuple[str, str]]) -> Options:
    chosen = Options(limits=Limits(real_seconds=5.0))
    for word, rest in told:
        if word != "with":
            continue
        name, _, value = rest.partition(" ")
        match name:
            case "time_limit":
                chosen.limits.time_ns = durations.parse(value)
            case "real_limit":
                chosen.limits.real_seconds = float(value)
            case "steps" | "output":
                setattr(chosen.limits, name, int(value))
            case "requests":
                chosen.requests.append(value)
            case "stand_in":
                chosen.stand_ins.append(value)
            case "input":
                chosen.input.append(value)
            case "arguments":
                chosen.arguments = value.split()
            case _:
                raise ValueError(f"unknown option `{name}`")
    return chosen


def check(test: unittest.TestCase, filename: str) -> Run:
    """Runs the program and compares everything that its comment claims."""
    told = claims(filename)
    for word, rest in told:
        if word == "from" and sys.version_info < tuple(map(int, rest.split("."))):
            test.skipTest(f"needs Python {rest}")
        if word == "needs" and importlib.util.find_spec(rest) is None:
            test.skipTest(f"needs {rest}, which is not installed")
    run = run_file(filename, options(told))
    words = report.text(run)
    ending = "finished"
    for word, rest in told:
        if word == "ending":
            ending = rest
    test.assertEqual(run.ending, ending, words)
    if ending in ("finished", "deadlock") and not any(word == "error" for word, _ in told):
        test.assertEqual(run.problems, [], words)
    for word, rest in told:
        claim(test, run, word, rest, words)
    return run


def claim(test: unittest.TestCase, run: Run, word: str, rest: str, words: str) -> None:
    match word:
        case "total":
            test.assertEqual(durations.show(run.total_ns), rest, words)
        case "prints":
            lines = [line for _, _, _, line, _ in run.output.lines]
            test.assertEqual(lines, rest.split(" | ") if rest else [], words)
        case "prints@":
            lines = [f"{durations.show(at)} {line}" for at, _, _, line, _ in run.output.lines]
            test.assertEqual(lines, rest.split(" | "), words)
        case "error":
            kind, _, message = rest.partition(": ")
            kind, _, line = kind.partition(" line ")
            found = [
                problem
                for problem in run.problems
                if problem.kind == kind
                and message in problem.message
                and (not line or (problem.place and problem.place[1] == int(line)))
            ]
            test.assertTrue(found, f"no {rest}\n{words}\n{run.problems}")
        case "says":
            test.assertIn(rest, words)
        case "ends":
            outcomes = {i.name: i.outcome for i in run.watcher.instances}
            for pair in rest.split(", "):
                name, outcome = pair.rsplit(" ", 1)
                test.assertEqual(outcomes.get(name), outcome, f"{name}\n{words}")
        case "waits":
            name, _, line, state = rest.split(" ")
            found = [(i.name, i.place and i.place[1], i.state) for i in run.waiting]
            test.assertIn((name, int(line), state), found, words)
        case "ending" | "with" | "from" | "needs":
            pass
        case _:
            # A sentence for people.
            test.assertTrue(word[0].isupper() or not word.isascii(), f"unknown claim `{word}`")
