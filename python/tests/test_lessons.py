"""Every lesson, exported to Python and run on the virtual clock, takes what the simulator says.

Needs the companion: `LOOPSCOPE_PROGRAM` is its path.
"""

import glob
import json
import os
import subprocess
import unittest

from check import PROGRAMS
from loopscope.run import run_source

LESSONS = os.path.join(PROGRAMS, "..", "..", "..", "crates", "lessons", "course", "*.loop")

TOLERANCE = 0.01
"""The export of `cpu` reads the clock in a loop, which ends up to a millisecond late."""

LEFT_OUT = {"23c-the-gil.loop"}
"""Runs without the GIL, which the virtual machine always has."""


@unittest.skipUnless(
    os.environ.get("LOOPSCOPE_PROGRAM"), "set LOOPSCOPE_PROGRAM to the companion to run it"
)
class Lessons(unittest.TestCase):
    def test_totals_agree_with_the_simulator(self) -> None:
        program = os.environ["LOOPSCOPE_PROGRAM"]
        for lesson in sorted(glob.glob(LESSONS)):
            name = os.path.basename(lesson)
            exported = subprocess.run(
                [program, "export", lesson, "--to", "asyncio"], capture_output=True, text=True
            )
            if name in LEFT_OUT or exported.returncode:
                continue
            with self.subTest(name):
                simulated = subprocess.run(
                    [program, "run", lesson, "--format", "json", "--summary"],
                    capture_output=True,
                    text=True,
                )
                total_ns = json.loads(simulated.stdout)["total_ns"]
                run = run_source(exported.stdout, "program.py")
                self.assertEqual((run.ending, run.problems), ("finished", []))
                self.assertAlmostEqual(run.total_ns, total_ns, delta=total_ns * TOLERANCE + 1e6)


if __name__ == "__main__":
    unittest.main()
