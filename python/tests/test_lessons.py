"""Every lesson in Python, run on the virtual clock, takes what the lesson claims.

Needs the companion: `LOOPSCOPE_PROGRAM` is its path. It runs FastAPI apps on the Python of
`loopscope setup python`; without that they are left out.
"""

import functools
import glob
import json
import os
import re
import subprocess
import tempfile
import unittest
from typing import Any

from check import PROGRAMS
from loopscope import durations
from loopscope.runner import run_source

LESSONS = os.path.join(PROGRAMS, "..", "..", "..", "crates", "lessons", "course")

TOLERANCE = 0.01
"""The export of `cpu` reads the clock in a loop, which ends up to a millisecond late."""

LEFT_OUT = {
    "23c-the-gil": "runs without the GIL, which the virtual machine always has",
    "25b-several-servers": "has two server processes; a program is one",
}


def companion(*arguments: str) -> str:
    command = [os.environ["LOOPSCOPE_PROGRAM"], *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def result_of(source: str, *options: str) -> dict[str, Any]:
    """The result of `loopscope run`, on the Python that it finds."""
    with tempfile.TemporaryDirectory() as folder:
        filename = os.path.join(folder, "app.py")
        with open(filename, "w", encoding="utf-8") as file:
            file.write(source)
        stand_in = ["--stand-in", "celery"] if "import Celery" in source else []
        return json.loads(companion("run", filename, "--format", "json", *stand_in, *options))


@functools.cache
def has_fastapi() -> bool:
    # A stand-in has no version.
    result = result_of("import fastapi\nprint(fastapi.__version__)\n")
    return result["program"]["output"][0]["text"][:1].isdigit()


def read(name: str) -> str:
    with open(os.path.join(LESSONS, name), encoding="utf-8") as file:
        return file.read()


def names(ending: str) -> list[str]:
    files = glob.glob(os.path.join(LESSONS, "*" + ending))
    return sorted(os.path.basename(file).removesuffix(ending) for file in files)


class Claims:
    """The claims of a lesson about a program, judged by its run."""

    def __init__(self, source: str) -> None:
        self.run = result_of(source)
        self.summary = result_of(source, "--summary")

    def holds(self, claim: str) -> bool:
        match claim.split():
            case ["total", length]:
                return self.run["total_ns"] == durations.parse(length)
            case ["threads", count]:
                return self.summary["peaks"]["threads"] == int(count)
            case [name, number, "responded", at]:
                tasks = {(task["name"], task["number"]): task for task in self.run["tasks"]}
                return tasks[name, int(number)]["respond_ns"] == durations.parse(at)
        raise ValueError(f"`{claim}` is no claim that this test knows")

    def mean_s(self) -> float:
        latencies = [each["latency_ns"] for each in self.run["program"]["responses"]]
        return sum(latencies) / len(latencies) / durations.SECOND


def fields_of(name: str) -> tuple[dict[str, str], str]:
    """The texts at the top of a lesson, and its program."""
    top, _, program = read(name + ".py").partition("\n\n")
    lines = top.replace("\n#   ", " ").splitlines()
    return dict(line.removeprefix("# ").split(": ", 1) for line in lines), program


@unittest.skipUnless(
    os.environ.get("LOOPSCOPE_PROGRAM"), "set LOOPSCOPE_PROGRAM to the companion to run it"
)
class Lessons(unittest.TestCase):
    def test_totals_are_those_of_the_lessons(self) -> None:
        for name in names(".loop"):
            with self.subTest(name):
                if name in LEFT_OUT:
                    continue
                script = os.path.join(LESSONS, name + ".loop")
                simulated = json.loads(companion("run", script, "--format", "json", "--summary"))
                total_ns = simulated["total_ns"]
                if claimed := re.search(r"^expect total (\S+)", read(name + ".loop"), re.M):
                    claimed_ns = durations.parse(claimed[1])
                    self.assertAlmostEqual(total_ns, claimed_ns, delta=claimed_ns * TOLERANCE)
                program = companion("lessons", name.partition("-")[0], "--python")
                if "from fastapi" in program:
                    if not has_fastapi():
                        continue
                    result = result_of(program, "--summary")
                    found = result["program"]["ending"], result["program"]["problems"]
                    found_ns = result["total_ns"]
                    statuses = {each["status"] for each in result["program"]["responses"]}
                    self.assertEqual(statuses, {200})
                else:
                    run = run_source(program, "program.py")
                    found, found_ns = (run.ending, run.problems), run.total_ns
                self.assertEqual(found, ("finished", []))
                self.assertAlmostEqual(found_ns, total_ns, delta=total_ns * TOLERANCE + 1e6)

    def test_what_has_no_python_form_says_so(self) -> None:
        for name in LEFT_OUT:
            program = companion("lessons", name.partition("-")[0], "--python")
            self.assertRegex(program, "# The script (turns the GIL off|has 2 server processes)")

    def test_lessons_about_programs_keep_their_claims(self) -> None:
        if not has_fastapi():
            self.skipTest("needs `loopscope setup python`")
        programs = sorted(set(names(".py")) - set(names(".loop")))
        self.assertGreaterEqual(len(programs), 4)
        question: dict[str, str] = {}
        for name in programs:
            with self.subTest(name):
                fields, program = fields_of(name)
                # The first variant asks for all.
                question = fields if "question" in fields else question
                claims = Claims(program)
                answers = question["answers"].split("; ")
                subject = question.get("asks", "total")
                right = [answer for answer in answers if claims.holds(f"{subject} {answer}")]
                self.assertEqual(len(right), 1)
                if "edit" in fields:
                    old, new = fields["edit"].split(" => ")
                    self.assertEqual(program.count(old), 1)
                    goal = fields["then"].split("; ")
                    self.assertFalse(all(map(claims.holds, goal)))
                    changed = Claims(program.replace(old, new))
                    self.assertEqual([claim for claim in goal if not changed.holds(claim)], [])

    def test_an_annotation_costs_a_second_on_average(self) -> None:
        if not has_fastapi():
            self.skipTest("needs `loopscope setup python`")
        means = [Claims(fields_of(f"26{v}-a-return-annotation")[1]).mean_s() for v in "ab"]
        self.assertEqual(means, [2.0, 3.0])


if __name__ == "__main__":
    unittest.main()
