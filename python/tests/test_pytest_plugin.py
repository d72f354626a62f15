"""The pytest plugin: pytest runs `pytest_suite/suite.py`, and each of its tests ends as the comment
above it says."""

import importlib.util
import os
import re
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

from check import PROGRAMS  # noqa: F401, puts the package on the path

HERE = os.path.dirname(os.path.abspath(__file__))
SUITE = os.path.join(HERE, "pytest_suite", "suite.py")


def expected_endings() -> dict[str, str]:
    """By test: the words of its failure, or nothing if it passes."""
    with open(SUITE, encoding="utf-8") as file:
        text = file.read()
    pattern = r"^ *# (passes|fails: .*)\n(?: *@.*\n)* *(?:async )?def (\w+)"
    found = re.findall(pattern, text, re.MULTILINE)
    return {name: told.removeprefix("passes").removeprefix("fails: ") for told, name in found}


@unittest.skipUnless(importlib.util.find_spec("pytest"), "needs pytest, which is not installed")
class Suite(unittest.TestCase):
    def run_pytest(self, *arguments: str) -> dict[str, list[str]]:
        """By test: the messages of its failures, one for each run of it."""
        with tempfile.TemporaryDirectory() as folder:
            report = os.path.join(folder, "report.xml")
            command = [sys.executable, "-B", "-m", "pytest", SUITE, "--junitxml", report]
            command += ["-p", "loopscope.pytest_plugin", "-p", "no:cacheprovider", "-q"]
            command += ["-o", "virtual_time_blocking=1s", "--rootdir", folder, *arguments]
            environment = {**os.environ, "PYTHONPATH": os.path.dirname(HERE)}
            done = subprocess.run(
                command, cwd=HERE, env=environment, capture_output=True, text=True, check=False
            )
            self.assertTrue(os.path.exists(report), done.stdout + done.stderr)
            cases = xml.etree.ElementTree.parse(report).getroot().iter("testcase")
            endings: dict[str, list[str]] = {}
            for case in cases:
                name = case.attrib["name"].split("[")[0]
                wrong = [child.attrib.get("message", "") + (child.text or "") for child in case]
                endings.setdefault(name, []).append("\n".join(wrong))
            return endings

    def test_each_test_ends_as_its_comment_says(self) -> None:
        expected, endings = expected_endings(), self.run_pytest()
        self.assertEqual(set(endings), set(expected))
        for name, words in expected.items():
            for ending in endings[name]:
                with self.subTest(name):
                    self.assertIn(words, ending)
                    self.assertEqual(bool(words), bool(ending), ending)

    def test_no_frame_of_this_package_is_shown(self) -> None:
        ending = self.run_pytest("-k", "fails_as_usual")["test_a_failing_test_fails_as_usual"][0]
        self.assertNotIn("calls.py", ending)
        self.assertNotIn("testing.py", ending)

    def test_a_failure_of_the_clock_is_its_words_alone(self) -> None:
        for name, endings in self.run_pytest("-k", "block").items():
            for ending in endings:
                with self.subTest(name):
                    self.assertNotIn("hidden", ending)


if __name__ == "__main__":
    unittest.main()
