"""`python -m loopscope`: all commands where the program `loopscope` is installed beside this
package, else `run program.py`."""

import os
import subprocess
import sys

from . import command, companion


def main(arguments: list[str]) -> int:
    # A child process of `run` is told what to do, and the program would start another one.
    is_child = command.CHILD in os.environ
    program = companion.beside() if companion.is_installed() and not is_child else None
    if program is None:
        return command.main(arguments)
    os.environ.update(companion.environment())
    if os.name == "posix":
        os.execv(program, [program, *arguments])
    return subprocess.call([program, *arguments])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
