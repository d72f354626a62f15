"""mypy in strict mode finds nothing to complain about in the API, nor in code that uses it."""

import importlib.util
import os
import subprocess
import sys
import tempfile
import unittest

PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

MODULES = ("__init__", "api", "companion", "errors", "goals", "lab", "notebook", "pytest_plugin", "testing", "traces")

USE = """\
import asyncio

import loopscope


async def main() -> int:
    await asyncio.sleep(1)
    return 1


run = loopscope.run(main)
total: float = run.total
names: list[str] = [task.name for task in run.tasks]
first: loopscope.Event = run.events[0]
codes: list[str] = [finding.code for finding in run.findings]
picture: str = run.svg()
run.show()


@loopscope.virtual_time(blocking="100ms")
async def test_main() -> None:
    assert await main() == 1


@loopscope.virtual_time
async def test_again(count: int) -> None:
    pass


test_main()
test_again(3)
with loopscope.virtual_time() as clock:
    seconds: float = clock.now
loopscope.cpu(1)
"""

WRONG = """\
import loopscope

total: str = loopscope.run("a: cpu 1").total
loopscope.run(3)
loopscope.virtual_time(blocking=[])
"""


@unittest.skipUnless(importlib.util.find_spec("mypy"), "needs mypy, which is not installed")
class Types(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.cache = folder.name

    def mypy(self, *arguments: str) -> str:
        command = [sys.executable, "-m", "mypy", "--strict", "--follow-imports", "silent"]
        command += ["--ignore-missing-imports", "--python-version", "3.11", "--config-file", ""]
        command += ["--cache-dir", self.cache, *arguments]
        done = subprocess.run(command, cwd=PACKAGE, capture_output=True, text=True, check=False)
        return done.stdout + done.stderr

    def mypy_of(self, text: str) -> str:
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "use.py")
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
            return self.mypy(path)

    def test_the_modules_of_the_api(self) -> None:
        said = self.mypy(*(f"loopscope/{name}.py" for name in MODULES))
        self.assertIn("Success", said)

    def test_code_that_uses_it(self) -> None:
        self.assertIn("Success", self.mypy_of(USE))

    def test_wrong_code_is_found(self) -> None:
        self.assertIn("Found 3 errors", self.mypy_of(WRONG))


if __name__ == "__main__":
    unittest.main()
