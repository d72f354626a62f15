"""`loopscope.Lab` without a notebook, and goals in words."""

import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import unittest

from check import PROGRAMS  # puts the package on the path

import loopscope
from loopscope import goals

needs_program = unittest.skipUnless(
    os.environ.get("LOOPSCOPE_PROGRAM"), "needs the program `loopscope` in LOOPSCOPE_PROGRAM"
)
needs_anywidget = unittest.skipUnless(
    importlib.util.find_spec("anywidget"), "needs anywidget, which is not installed"
)

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(PROGRAMS)))
PINGS = "pool 4\ndef ping: block 1s\nrun 8 ping\n"


class Goals(unittest.TestCase):
    def test_a_goal_claims_the_same_as_in_a_course_page(self) -> None:
        with open(os.path.join(ROOT, "tests/cases/goals.json"), encoding="utf-8") as file:
            cases = json.load(file)
        for goal, claims in cases:
            with self.subTest(goal):
                self.assertEqual(goals.claims(goal), claims)


@needs_program
@needs_anywidget
class Labs(unittest.TestCase):
    def test_a_lab_has_total_and_goal(self) -> None:
        lab = loopscope.Lab(PINGS, goal="under 2 s with at most 4 threads")
        self.assertEqual((lab.total, lab.reached, lab.run.total), (2.0, False, 2.0))
        self.assertIsNone(loopscope.Lab(PINGS).reached)

    def test_a_change_is_simulated_and_observed(self) -> None:
        lab = loopscope.Lab(PINGS, goal="at most 1s")
        seen = []
        lab.observe(lambda change: seen.append((change.name, change.new)), names=["total", "reached"])
        lab.script = PINGS.replace("pool 4", "pool 8")
        self.assertEqual(sorted(seen), [("reached", True), ("total", 1.0)])
        lab.goal = "at most 500 ms"
        self.assertFalse(lab.reached)

    def test_errors_are_said_and_the_last_chart_stays(self) -> None:
        lab = loopscope.Lab(PINGS, goal="under 3 s")
        chart = lab._svg
        lab.script = "pool 4\ndef ping: blok 1s\n"
        self.assertEqual((lab.total, lab.reached, lab.run, lab._svg), (None, False, None, chart))
        self.assertIn("unknown segment `blok`", lab._said)
        self.assertNotIn("expect", lab._said)
        lab.script = PINGS
        self.assertEqual((lab.total, lab.reached), (2.0, True))

    def test_a_goal_that_cannot_be_judged_is_not_reached(self) -> None:
        lab = loopscope.Lab(PINGS, goal="be quick")
        self.assertEqual((lab.total, lab.reached), (2.0, False))
        self.assertIn("the goal cannot be judged", lab._said)

    def test_the_script_may_be_in_a_file(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "pings.loop")
            with open(path, "w", encoding="utf-8") as file:
                file.write(PINGS)
            self.assertEqual(loopscope.Lab(path).script, PINGS)

    def test_the_picture_has_script_chart_and_words(self) -> None:
        picture = loopscope.Lab("a: cpu 1 # <b>\n", goal="under 2 s")._still()["text/html"]
        for part in ("a: cpu 1 # &lt;b&gt;", "<svg", "total 1s · ✓ goal: under 2 s"):
            self.assertIn(part, picture)


class WithoutAnywidget(unittest.TestCase):
    def test_only_a_lab_needs_it(self) -> None:
        code = (
            "import sys; sys.modules['anywidget'] = None\n"
            "from loopscope import *\n"
            "import loopscope\n"
            "assert loopscope.run(lambda: 1).value == 1 and open is not loopscope.open\n"
            "try: loopscope.Lab('a: cpu 1')\n"
            "except loopscope.LoopscopeError as error: print(error)\n"
        )
        folder = os.path.join(ROOT, "python")
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=True
        )
        self.assertIn("pip install anywidget", done.stdout)


@needs_program
class Traces(unittest.TestCase):
    def test_a_trace_from_a_file_is_a_run(self) -> None:
        program = os.environ["LOOPSCOPE_PROGRAM"]
        script = b"make_pasta: cpu 3 -> await 5\nmake_toast: cpu 6\n"
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "pasta.json")
            command = [program, "export", "-", "--to", "perfetto", "-o", path]
            subprocess.run(command, input=script, check=True, capture_output=True)
            run = loopscope.open(path)
        self.assertEqual(run.total, 9)
        self.assertEqual([task.name for task in run.tasks], ["make_pasta", "make_toast"])
        self.assertIn("<svg", run._repr_svg_() or "")
        self.assertIn("total 9s", run._repr_html_())

    def test_what_is_no_trace_is_refused_in_words(self) -> None:
        with self.assertRaises(loopscope.LoopscopeError):
            loopscope.open(os.path.join(ROOT, "tests/cases/goals.json"))


if __name__ == "__main__":
    unittest.main()
