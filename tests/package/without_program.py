"""What has to work where only the Python package is installed, e.g. on Windows.

`python without_program.py`, with the Python that has it. No other package, and no program `loopscope`.
"""

import asyncio
import os
import subprocess
import sys
import tempfile
import time

import loopscope

PROGRAM = """\
import asyncio

async def main():
    await asyncio.sleep(60)
    print("awake")

asyncio.run(main())
"""


async def report() -> None:
    time.sleep(5)


async def work() -> str:
    await asyncio.gather(asyncio.sleep(1), report())
    return "done"


def main() -> None:
    run = loopscope.run(work)
    assert (run.total, run.ending, run.value) == (5.0, "finished", "done"), run.text()
    assert [task.name for task in run.tasks][:1] == ["work"], run.tasks

    with loopscope.virtual_time() as clock:
        asyncio.run(asyncio.sleep(60))
    assert clock.now == 60.0

    try:
        with loopscope.virtual_time(blocking="100ms"):
            asyncio.run(report())
    except loopscope.BlockingCallError as error:
        assert "5s" in str(error), error
    else:
        raise AssertionError("a call that blocks for 5 s passes")

    try:
        loopscope.run("a: cpu 1")
    except loopscope.CompanionMissing as error:
        assert "loopscope" in str(error)
    else:
        raise AssertionError("a script runs without the program")

    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "app.py")
        with open(path, "w", encoding="utf-8") as file:
            file.write(PROGRAM)
        command = [sys.executable, "-m", "loopscope", "run", path]
        done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
        assert done.returncode == 0 and "awake" in done.stdout, done.stdout + done.stderr
        command = [sys.executable, "-m", "loopscope", "serve"]
        done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
        assert done.returncode == 2 and "program `loopscope`" in done.stderr, done.stderr
    print("the package works without the program")


if __name__ == "__main__":
    main()
