"""Measures what the wheel of `make wheel` is where it is installed; writes docs/benchmarks.md.

The commands take turns, so that a noisy machine slows all of them.
"""

import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
REPORT = ROOT / "docs" / "benchmarks.md"
TITLE = "The wheel"
RUNS = 200
SCRIPT = "make_pasta: cpu 3 -> await 5\nmake_toast: cpu 6\nexpect total 9s\n"
PROGRAM = """\
import asyncio

async def main():
    await asyncio.sleep(3600)

asyncio.run(main())
"""
MEGABYTE = 1e6


def main():
    wheel = next(iter((TARGET / "wheels").glob("loopscope-*.whl")), None)
    if wheel is None:
        sys.exit("there is no wheel: run `make wheel`")
    with tempfile.TemporaryDirectory(prefix="loopscope-wheel-") as folder:
        place = Path(folder)
        python = environment(place)
        installation = seconds([python, "-m", "pip", "install", "--quiet", "--no-index", "--disable-pip-version-check", wheel])
        (place / "pasta.loop").write_text(SCRIPT)
        (place / "app.py").write_text(PROGRAM)
        program = place / "venv" / "bin" / "loopscope"
        commands = {
            "`loopscope run pasta.loop`, a script of three lines": [program, "run", place / "pasta.loop"],
            "`python -m loopscope run pasta.loop`, the same": [python, "-m", "loopscope", "run", place / "pasta.loop"],
            "`loopscope run app.py`, an hour of `asyncio.sleep`": [program, "run", place / "app.py"],
            '`python -c "import loopscope"`': [python, "-c", "import loopscope"],
            "`python -c pass`, to compare": [python, "-c", "pass"],
        }
        turns = [{name: seconds(command) for name, command in commands.items()} for _ in range(RUNS)]
    text = render(wheel.stat().st_size, installation, {name: [turn[name] for turn in turns] for name in commands})
    replace_section(text)
    print(text)


def environment(place):
    """A new virtual environment; its Python."""
    subprocess.run([sys.executable, "-m", "venv", place / "venv"], check=True)
    return place / "venv" / "bin" / "python3"


def seconds(command):
    """From start to exit."""
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def render(size, installation, times):
    milliseconds = lambda value: f"{value * 1e3:.1f} ms" if value < 0.02 else f"{value * 1e3:.0f} ms"
    row = lambda name, values: f"| {name} | {milliseconds(statistics.median(values))} | {milliseconds(sorted(values)[int(len(values) * 0.95)])} |"
    rows = "\n".join(row(name, values) for name, values in times.items())
    return f"""## {TITLE}

`make bench-wheel`, {date.today()}; {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}. {RUNS} runs each, in turn, from start to exit. Aim: the first within 10 ms.

| | median | p95 |
| --- | --- | --- |
{rows}

- The wheel has {size / MEGABYTE:.1f} MB (aim: under 40 MB), and `pip install` takes {installation:.1f} s without a network.
"""


def replace_section(text):
    head, *parts = REPORT.read_text().split("\n## ")
    kept = "".join(f"\n## {part.rstrip()}\n" for part in parts if not part.startswith(f"{TITLE}\n"))
    REPORT.write_text(f"{head.rstrip()}\n{kept}\n{text}")


if __name__ == "__main__":
    main()
