"""Runs the package of which this file is a part, e.g. `launch.py FOLDER CURRENT run app.py`.

FOLDER is the folder of this run. If it has a file `input`, that is the standard input. CURRENT is
the folder in which the program runs.
"""

import contextlib
import os
import sys


def main():
    folder, current, *arguments = sys.argv[1:]
    # Not the package's own folder, whose modules would hide others, e.g. `trace`.
    sys.path[0] = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    with contextlib.suppress(OSError):
        os.chdir(current)
    with contextlib.suppress(FileNotFoundError):
        sys.stdin = open(os.path.join(folder, "input"), encoding="utf-8")
    from loopscope import command

    sys.exit(command.main(arguments))


if __name__ == "__main__":
    main()
