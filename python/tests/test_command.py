"""The command line: what it prints, its exit codes, and programs that only a child survives."""

import json
import os
import subprocess
import sys
import tempfile
import unittest

from check import PROGRAMS  # noqa: F401, puts the package on the path

import loopscope

PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


class Command(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def run_command(self, source: str, *arguments: str) -> tuple[int, str, str]:
        filename = os.path.join(self.folder, "program.py")
        with open(filename, "w", encoding="utf-8") as file:
            file.write(source)
        return self.run_module("run", filename, *arguments)

    def run_module(self, *arguments: str) -> tuple[int, str, str]:
        done = subprocess.run(
            [sys.executable, "-m", "loopscope", *arguments],
            capture_output=True,
            encoding="utf-8",
            cwd=PACKAGE,
            env={**os.environ, "PYTHONIOENCODING": "utf-8"},
            check=False,
        )
        return done.returncode, done.stdout, done.stderr

    def check(self, source: str, code: int, words: str, *arguments: str) -> None:
        result, output, errors = self.run_command(source, *arguments)
        self.assertIn(words, output + errors)
        self.assertEqual(result, code, output + errors)

    def test_prints_lines_with_their_times_and_the_total(self) -> None:
        source = "import asyncio\nasync def main():\n  await asyncio.sleep(60)\n  print('안녕')\nasyncio.run(main())\n"
        self.assertEqual(self.run_command(source), (0, "60s  안녕\ntotal 60s: 1 task\n", ""))

    def test_the_example_of_the_documents_prints_what_they_say(self) -> None:
        filename = os.path.join(os.path.dirname(PACKAGE), "docs", "python-runtime.md")
        with open(filename, encoding="utf-8") as file:
            words = file.read()
        source = words.split("```python\n", 1)[1].split("```", 1)[0]
        told = words.split("run ../app.py\n", 1)[1].split("```", 1)[0]
        self.assertEqual(self.run_command(source), (0, told, ""))

    def test_the_first_task_is_number_one(self) -> None:
        source = "import asyncio\nasync def f(): print(asyncio.current_task().get_name())\nasyncio.run(f())\n"
        self.assertEqual(self.run_command(source), (0, "0s  Task-1\ntotal 0s: 1 task\n", ""))

    def test_an_error_is_exit_code_one(self) -> None:
        self.check("1 / 0\n", 1, "error: line 1: ZeroDivisionError: division by zero")

    def test_a_program_that_does_not_compile_is_exit_code_three(self) -> None:
        self.check("print('a'\n", 3, "error: line 1: SyntaxError: '(' was never closed")

    def test_a_command_of_the_program_names_the_program(self) -> None:
        code, output, errors = self.run_module("serve")
        self.assertEqual((code, output), (2, ""))
        self.assertIn("`serve` is a command of the program `loopscope`, which is not installed", errors)

    def test_the_version_is_printed(self) -> None:
        self.assertEqual(self.run_module("--version"), (0, f"loopscope {loopscope.__version__}\n", ""))

    def test_a_limit_is_exit_code_four(self) -> None:
        source = "import time\nwhile True: time.sleep(1)\n"
        self.check(source, 4, "after 5s of its own time", "--time-limit", "5s")

    def test_the_program_gets_its_exit_code(self) -> None:
        self.check("import sys\nsys.exit(9)\n", 9, "exit code 9")

    def test_a_missing_file_is_wrong_usage(self) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "loopscope", "run", "missing.py"],
            capture_output=True,
            text=True,
            cwd=PACKAGE,
            check=False,
        )
        self.assertEqual(done.returncode, 2)
        self.assertIn("cannot read `missing.py`", done.stderr)

    def test_a_wrong_duration_is_wrong_usage(self) -> None:
        self.check("", 2, "`soon` is no duration", "--time-limit", "soon")

    def test_a_limit_that_is_none_is_wrong_usage(self) -> None:
        self.check("", 2, "write at most 7d", "--time-limit", "8d")
        for limit in ("nan", "inf", "-1", "0"):
            self.check("", 2, f"`{limit}` is no limit", "--real-limit", limit)
        self.check("", 2, "`-5` is no limit", "--memory-limit", "-5")

    def test_a_trace_that_cannot_be_written_is_wrong_usage(self) -> None:
        file = os.path.join(self.folder, "missing", "trace.json")
        result, output, errors = self.run_command("print(1)\n", "--trace", file)
        self.assertEqual((result, output), (2, "0s  1\ntotal 0s\n"))
        self.assertEqual(errors, f"cannot write `{file}`: No such file or directory\n")

    def test_a_program_on_the_standard_input(self) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "loopscope", "run", "-"],
            input="import time\ntime.sleep(1)\n1 / 0\n",
            capture_output=True,
            text=True,
            cwd=PACKAGE,
            check=False,
        )
        words = "error: line 3: ZeroDivisionError: division by zero\n    1 / 0\ntotal 1s\n"
        self.assertEqual((done.returncode, done.stdout), (1, words), done.stderr)

    def test_no_stack_of_this_package_is_shown(self) -> None:
        source = "import asyncio\nasync def f(): pass\nasync def main(): f()\n"
        result, output, _ = self.run_command(source + "asyncio.run(main(), debug=True)\n")
        words = "note: line 3: RuntimeWarning: coroutine 'f' was never awaited"
        self.assertEqual((result, output), (0, f"total 0s: 1 task\n{words}\n"))

    def test_a_wrong_load_is_wrong_usage(self) -> None:
        self.check(
            "", 2, "`100 ping` is no load; write e.g. `100 GET /ping`", "--requests", "100 ping"
        )

    def test_a_loop_inside_c_code_is_ended(self) -> None:
        source = "import itertools\nsum(itertools.repeat(0))\n"
        self.check(source, 4, "could not be interrupted", "--real-limit", "0.5")

    def test_allocating_without_bound_is_an_error(self) -> None:
        if not sys.platform.startswith("linux"):
            self.skipTest("memory is limited on Linux only")
        source = "x = []\nwhile True: x.append(bytearray(10_000_000))\n"
        self.check(source, 1, "line 2: MemoryError", "--memory-limit", "500")

    def test_a_crash_of_python_is_reported(self) -> None:
        source = "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n"
        self.check(source, 1, "Python itself crashed or was killed (signal 9)")

    def test_arguments_reach_the_program(self) -> None:
        self.check("import sys\nprint(sys.argv[1:])\n", 0, "['--x', '1']", "--", "--x", "1")

    def test_counted_computing_is_marked(self) -> None:
        source = "for _ in range(100_000): pass\nimport time\ntime.sleep(1)\n"
        self.check(source, 0, "computing was measured, so it is not exact", "--count-computing")

    def test_the_trace_is_written(self) -> None:
        file = os.path.join(self.folder, "trace.json")
        self.check("import time\ntime.sleep(1)\n", 0, "total 1s", "--trace", file)
        with open(file, encoding="utf-8") as opened:
            trace = json.load(opened)
        self.assertEqual((trace["schema"], trace["end_ns"]), ("loopscope.trace/1", 1_000_000_000))


if __name__ == "__main__":
    unittest.main()
