"""Measures the most expensive known scripts under 1 KB and writes docs/benchmarks.md.

`python3 tools/worst.py [PROGRAM]`; `make bench` runs it with the release build. Each command runs
once, alone. Processor time and peak memory are the kernel's figures. Linux and macOS only.
"""

import os
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path
import platform

ROOT = Path(__file__).parents[1]
REPORT = ROOT / "docs" / "benchmarks.md"
TITLE = "The worst scripts under 1 KB\n"
# The kernel reports peaks in KiB on Linux and in bytes on macOS.
PEAK_UNIT = 1 if sys.platform == "darwin" else 1024
# The aim for `run` with any script: 1 GiB.
MEMORY_AIM_MB = 1_074

CROWD = "a: await ~1ms\nrun 1999999 a at 1000000/s\n"
SLICES = "gil off\nswitch 1us\npool 1000\ndef a: cpu 24h\nrun 1000 a\n"
JOBS = "prefetch 10000\nswitch 1us\njobs 100\ndef b: cpu 1\na: repeat 500000: (send b)\n"
ENDLESS = "a: forever: (await 1ns)\n"
ENDLESS_CROWD = "a: forever: (await 1ns)\nb: await 24h\nrun a\nrun 1999999 b\n"
LONELY_SLICES = "cores 1\ngil off\nswitch 1us\npool 1000\ndef a: cpu 24h\nb: await 24h\nrun 1000 a\nrun 1998000 b\n"
DETAILED = "until 7900us\na: forever: (cpu 1ns)\n"
MILLION = "a: await 1s -> cpu 1ms\nrun 1000000 a\n"
TEN_THOUSAND = "async def a: await 1s\nrun 10000 a\n"

# A description, the command around the script's file, and the script.
CASES = [
    ("the most instances in a chart", ["run", "FILE"], CROWD),
    ("40 M slices of 1,000 threads", ["run", "FILE"], SLICES),
    ("40 M slices of jobs", ["run", "FILE"], JOBS),
    ("40 M changes at 20 M instants", ["run", "FILE"], ENDLESS),
    ("the same beside 2 M instances", ["run", "FILE"], ENDLESS_CROWD),
    ("40 M slices, each at an instant of its own, beside 2 M instances", ["run", "FILE"], LONELY_SLICES),
    ("the most spans in a chart", ["run", "FILE"], DETAILED),
    ("everything about them", ["run", "FILE", "--blame", "--formula", "--by", "threads"], DETAILED),
    ("who made others wait, 40 M", ["run", "FILE", "--summary", "--blame"], SLICES),
    ("a chain of waits", ["why", "FILE", "a"], DETAILED),
    ("strategies of a crowd", ["compare", "FILE"], MILLION),
    ("strategies of drawn lengths", ["compare", "FILE"], CROWD),
    ("strategies of 40 M changes", ["compare", "FILE"], ENDLESS),
    ("orders of a crowd", ["orders", "FILE"], MILLION),
    ("the largest range", ["sweep", "FILE", "--vary", "run 1..1000000 in 10000"], TEN_THOUSAND),
    ("an endless script on a page", ["check", "--lesson", "PAGE"], ENDLESS),
]


def main():
    program = sys.argv[1] if len(sys.argv) > 1 else build()
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for about, words, script in CASES:
            print(f"==> {words[0]}: {about}", flush=True)
            rows.append((about, words, script, *measure(program, words, script, Path(folder))))
    replace_section(render(rows))


def build():
    subprocess.run(["cargo", "build", "--release", "--bin", "loopscope"], cwd=ROOT, check=True)
    return ROOT / "target" / "release" / "loopscope"


def measure(program, words, script, folder):
    """Processor seconds, peak memory in MB, and the exit code."""
    files = {"FILE": (folder / "a.loop", script), "PAGE": (folder / "a.md", f"```loopscope\n{script}```\n")}
    for path, text in files.values():
        path.write_text(text)
    command = [program, *(files[word][0] if word in files else word for word in words)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = usage.ru_utime + usage.ru_stime
    return seconds, usage.ru_maxrss * PEAK_UNIT / 1e6, process.returncode


def render(rows):
    lines = "\n".join(
        f"| `{' '.join(words).replace(' FILE', '').replace(' PAGE', '')}` | {about} | {code(script)} | {len(script)} "
        f"| {seconds:.1f} s | {megabytes:,.0f} MB | {exit_code} |"
        for about, words, script, seconds, megabytes, exit_code in rows
    )
    return f"""## {TITLE}
`make bench` (`python3 tools/worst.py`), {date.today()}; {platform.machine()}, {os.cpu_count()} cores. One run each; time is the processor's, of all threads together. Exit code 4: a limit was reached, and what was found up to there is shown.

| command | what | script (⏎: a new line) | bytes | time | peak memory | exit code |
| --- | --- | --- | --- | --- | --- | --- |
{lines}

Aim: `run` stays below 1 GiB ({MEMORY_AIM_MB:,} MB). Above 8 million state changes charts in text, findings, the critical path and `why` are left out, which is said. All trials of `compare` or `orders` together may leave 40 million changes of state, those of a sweep 400 million on each machine.
"""


def code(script):
    return "`" + script.rstrip("\n").replace("\n", " ⏎ ") + "`"


def replace_section(text):
    """Replaces the section of this benchmark and keeps those of the others."""
    old = REPORT.read_text() if REPORT.exists() else "# Benchmarks\n"
    head, *sections = old.split("\n## ")
    sections = [part for part in sections if not part.startswith(TITLE)]
    kept = "".join(f"\n## {part.rstrip()}\n" for part in sections)
    REPORT.write_text(f"{head.rstrip()}\n{kept}\n{text}")


if __name__ == "__main__":
    main()
