"""The magics of IPython, in a shell without a notebook."""

import importlib.util
import io
import os
import unittest
from contextlib import redirect_stdout

from check import PROGRAMS  # noqa: F401, puts the package on the path

import loopscope

needs_program = unittest.skipUnless(
    os.environ.get("LOOPSCOPE_PROGRAM"), "needs the program `loopscope` in LOOPSCOPE_PROGRAM"
)


@unittest.skipUnless(importlib.util.find_spec("IPython"), "needs IPython, which is not installed")
class Magics(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        from IPython.core.interactiveshell import InteractiveShell

        InteractiveShell.clear_instance()
        cls.shell = InteractiveShell.instance(history_load_length=0)
        cls.shell.history_manager.enabled = False
        cls.shell.run_line_magic("load_ext", "loopscope")

    def python(self, cell: str) -> loopscope.Run:
        return self.shell.run_cell_magic("loopscope", "python", cell)

    def test_a_cell_of_python_is_a_run(self) -> None:
        run = self.python("import asyncio\nawait asyncio.sleep(60)\nprint('done')\n")
        self.assertEqual((run.total, run.ending), (60, "finished"), run.problems)
        self.assertEqual([line.text for line in run.output], ["done"])

    def test_a_cell_has_the_names_of_the_notebook_and_gives_it_its_own(self) -> None:
        self.shell.run_cell("from time import sleep\nseconds = 7\ndef nap(): sleep(seconds)\n")
        run = self.python("nap()\nslept = seconds\nfrom time import sleep as doze\n")
        self.assertEqual((run.total, self.shell.user_ns["slept"]), (7, 7))
        # Outside of the run both take real time.
        for name in ("sleep", "doze"):
            self.assertEqual(repr(self.shell.user_ns[name]), "<built-in function sleep>")

    def test_functions_of_other_cells_have_their_lines(self) -> None:
        self.shell.run_cell("import asyncio, time\nasync def slow():\n    time.sleep(5)\n")
        run = self.python("await asyncio.gather(slow(), slow())\n")
        blocks = [event.line for event in run.events if event.kind == "block"]
        self.assertEqual((run.total, blocks), (10, [3, 3]))

    def test_an_error_has_its_line(self) -> None:
        [problem] = self.python("x = 1\n1 / 0\n").problems
        self.assertEqual((problem.kind, problem.line), ("ZeroDivisionError", 2))
        [problem] = self.python("x = 1\nif\n").problems
        self.assertEqual((problem.kind, problem.line), ("SyntaxError", 2))

    def test_comments_with_lengths_count(self) -> None:
        self.assertEqual(self.python("x = 1  # cpu 3s\n").total, 3)

    def test_wrong_usage_is_said_in_words(self) -> None:
        printed = io.StringIO()
        with redirect_stdout(printed):
            self.assertIsNone(self.shell.run_cell_magic("loopscope", "pyton", "a: cpu 1"))
        self.assertIn("write `%%loopscope`", printed.getvalue())

    @needs_program
    def test_a_cell_of_script_is_a_run(self) -> None:
        run = self.shell.run_cell_magic("loopscope", "", "a: cpu 3 -> await 5\n")
        self.assertEqual(run.total, 8)
        formatted, _ = self.shell.display_formatter.format(run)
        self.assertIn("<svg", formatted["text/html"])
        self.assertIn("<svg", formatted["image/svg+xml"])
        run = self.shell.run_cell_magic("loopscope", "--seed 7", "a: await 1s..9s\n")
        self.assertEqual(run.total, loopscope.run("a: await 1s..9s\n", seed=7).total)

    @needs_program
    def test_the_errors_of_a_script_are_said_in_words(self) -> None:
        printed = io.StringIO()
        with redirect_stdout(printed):
            self.assertIsNone(self.shell.run_cell_magic("loopscope", "", "a: cpuu 1\n"))
        self.assertIn("unknown segment `cpuu`", printed.getvalue())


class WithoutIPython(unittest.TestCase):
    def test_ipython_is_imported_by_no_other_part(self) -> None:
        import subprocess
        import sys

        code = "import loopscope, sys; loopscope.run(lambda: 1); print('IPython' in sys.modules)"
        folder = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=True
        )
        self.assertEqual(done.stdout, "False\n")


if __name__ == "__main__":
    unittest.main()
