"""Every file in `programs/` is a program with its expected outcome in its leading comment."""

import os
import unittest

from check import PROGRAMS, check


class Programs(unittest.TestCase):
    """One test a file; its name is the file's."""


def _test(filename: str):
    def test(self: unittest.TestCase) -> None:
        check(self, filename)

    return test


for _name in sorted(os.listdir(PROGRAMS)):
    if _name.endswith(".py"):
        setattr(Programs, f"test_{_name[:-3]}", _test(os.path.join(PROGRAMS, _name)))


if __name__ == "__main__":
    unittest.main()
