"""How the package finds the program `loopscope`."""

import os
import stat
import tempfile
import unittest
from unittest import mock

from check import PROGRAMS  # noqa: F401, puts the package on the path

from loopscope import companion


class Finding(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def program(self, name: str) -> str:
        """A program in a folder of its own; returns its path."""
        folder = os.path.join(self.folder, name)
        os.mkdir(folder)
        path = os.path.join(folder, "loopscope")
        with open(path, "w", encoding="utf-8") as file:
            file.write("#!/bin/sh\n")
        os.chmod(path, stat.S_IRWXU)
        return path

    def check(self, expected: str | None, named: str = "", beside: str = "", path: str = "") -> None:
        scripts = mock.patch.object(
            companion.sysconfig, "get_path", lambda *arguments: os.path.dirname(beside) or self.folder
        )
        environment = {"LOOPSCOPE_PROGRAM": named, "PATH": os.path.dirname(path) or self.folder}
        with scripts, mock.patch.dict(os.environ, environment):
            self.assertEqual(companion.find(), expected)

    def test_the_one_that_is_named_comes_first_then_the_one_beside_python(self) -> None:
        named, beside, path = (self.program(name) for name in ("named", "beside", "path"))
        self.check(named, named, beside, path)
        self.check(beside, "", beside, path)
        self.check(path, "", "", path)
        self.check(None)

    def test_a_wrong_name_is_not_replaced_by_another_program(self) -> None:
        self.check(None, os.path.join(self.folder, "missing"), self.program("beside"))

    def test_the_program_uses_this_python_unless_another_one_is_chosen(self) -> None:
        with mock.patch.dict(os.environ, {"LOOPSCOPE_PYTHON": "/other/python"}):
            self.assertEqual(companion.environment()["LOOPSCOPE_PYTHON"], "/other/python")


if __name__ == "__main__":
    unittest.main()
