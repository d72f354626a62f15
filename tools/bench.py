"""Measures the simulator and the page against comparable programs and writes docs/benchmarks.md.

Every figure is the median of several runs, each in a process of its own. The programs take turns,
so that a noisy machine slows all of them. SimPy comes from PyPI into .venv, for this measurement
only.
"""

import json
import os
import platform
import statistics
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
VENV = ROOT / ".venv"
RUNS = 5
SIMPY = "simpy==4.1.1"
SIZES = [1_000, 10_000, 100_000, 1_000_000]

SIMPY_MODEL = '''
import resource, sys, time
import simpy

def task(env, pool):
    yield env.timeout(1)
    with pool.request() as token:
        yield token
        yield env.timeout(1)
    yield env.timeout(2)

n = int(sys.argv[1])
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
start = time.perf_counter()
env = simpy.Environment()
pool = simpy.Resource(env, 40)
for _ in range(n):
    env.process(task(env, pool))
env.run()
seconds = time.perf_counter() - start
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
print('{"seconds": %f, "peak_kib": %d, "total_ns": %d}' % (seconds, peak, env.now * 1e9))
'''


def main():
    bench = build()
    python = simpy_python()
    binary = TARGET / "release" / "loopscope"
    ours = lambda case, n: one([bench, case, str(n)])
    simpy = lambda n: one([python, "-c", SIMPY_MODEL, str(n)])

    say("1,000,000 tasks, taking turns with a bare heap and SimPy")
    million = 1_000_000
    turns = [(ours("tasks", million), ours("heap", million)) for _ in range(RUNS)]
    peer = simpy(100_000)
    tasks = median([turn[0] for turn in turns])
    heap = median([turn[1] for turn in turns])
    ratio = statistics.median(turn[0]["seconds"] / turn[1]["seconds"] for turn in turns)

    say("from 1,000 to 1,000,000 tasks")
    growth = [(n, median([ours("tasks", n) for _ in range(RUNS)])) for n in SIZES]

    say("ten minutes of 40 computing threads under the GIL")
    gil = median([ours("gil", 600) for _ in range(RUNS)])

    say("a small script, start to exit")
    start_to_exit = small_script(binary)

    say("1,000,000 tasks and their analysis, start to exit, taking turns with SimPy")
    whole = whole_runs(binary, python)

    report = render(tasks, heap, ratio, peer, growth, gil, start_to_exit, whole)
    (ROOT / "docs" / "benchmarks.md").write_text(replace_section(report))
    print(report)
    say("the worst scripts under 1 KB")
    subprocess.run([sys.executable, "tools/worst.py", binary], cwd=ROOT, check=True)
    page(dict(growth)[100_000]["seconds"])
    companion()


def page(native_seconds):
    """Measures the page in a browser against similar pages, which only this benchmark installs."""
    say("the page (takes its time: peers are waited for)")
    folder = ROOT / "benches" / "browser"
    subprocess.run(["npm", "ci", "--silent", "--ignore-scripts"], cwd=folder, check=True)
    subprocess.run(["node", "tools/build-page.mjs"], cwd=ROOT, check=True)
    subprocess.run(["node", folder / "bench.mjs", f"{native_seconds:.6f}"], cwd=ROOT, check=True)
    subprocess.run(["node", folder / "embeds.mjs"], cwd=ROOT, check=True)
    subprocess.run(["node", folder / "python.mjs"], cwd=ROOT, check=True)


def companion():
    """Measures a companion that contains the page built before."""
    say("the companion")
    subprocess.run(["cargo", "build", "--release", "--features", "with-page"], cwd=ROOT, check=True)
    binary = TARGET / "release" / "loopscope"
    subprocess.run([sys.executable, "tools/bench_serve.py", binary], cwd=ROOT, check=True)


def build():
    say("building")
    command = ["cargo", "build", "--release", "--bench", "simulate", "--bin", "loopscope", "--message-format=json"]
    output = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout
    artifacts = [json.loads(line) for line in output.splitlines()]
    return next(a["executable"] for a in artifacts if a.get("target", {}).get("name") == "simulate" and a.get("executable"))


def simpy_python():
    python = VENV / "bin" / "python"
    if not python.exists():
        say("making .venv")
        subprocess.run([sys.executable, "-m", "venv", VENV], check=True)
    subprocess.run([python, "-m", "pip", "install", "--quiet", SIMPY], check=True)
    return str(python)


def one(command):
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)


def median(results):
    return sorted(results, key=lambda result: result["seconds"])[len(results) // 2]


def small_script(binary):
    script = "make_pasta: cpu 3 -> await 5\nmake_toast: cpu 6\nexpect total 9s\n"
    path = TARGET / "bench.loop"
    path.write_text(script)
    times = []
    for _ in range(30):
        start = time.perf_counter()
        subprocess.run([binary, "run", path], check=True, stdout=subprocess.DEVNULL)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def whole_runs(binary, python):
    """`loopscope run` of a million tasks and SimPy on a tenth of them, as processes, in turn."""
    script = "async def job: await 1 -> thread (block 1) -> await 2\nrun 1000000 job\n"
    path = TARGET / "bench-million.loop"
    path.write_text(script)
    ours = [binary, "run", path, "--format", "json", "--summary"]
    simpy = [python, "-c", SIMPY_MODEL, "100000"]
    turns = [(process(ours), process(simpy)) for _ in range(RUNS)]
    return median([turn[0] for turn in turns]), median([turn[1] for turn in turns])


def process(command):
    """Seconds from start to exit and peak memory of a process, as the system counts them."""
    start = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - start
    # Popen must not wait for a process that is gone.
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        sys.exit(f"{command[0]} ended with {child.returncode}")
    # Linux counts in KiB.
    return {"seconds": seconds, "peak_kib": usage.ru_maxrss}


def render(tasks, heap, ratio, peer, growth, gil, start_to_exit, whole):
    n = tasks["n"]
    # Programs of different size are compared by their rate.
    rate = lambda result, count: f"{count / result['seconds']:,.0f}"
    per_task = tasks["peak_kib"] * 1024 / n
    process, simpy = whole
    times = (1_000_000 / process["seconds"]) / (100_000 / simpy["seconds"])
    base = growth[0]
    rows = "\n".join(
        f"| {size:,} | {result['seconds'] * 1e3:,.2f} ms | {result['seconds'] / size * 1e9:,.0f} ns |"
        for size, result in growth
    )
    return f"""## The simulator

`make bench`, {date.today()}; {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}. Medians of {RUNS} runs; the programs take turns.

Each task is `await 1 -> thread (block 1) -> await 2` on a pool of 40 threads. All tasks start at 0, and the whole trace is kept.

| 1,000,000 tasks | tasks/s | time | peak memory |
| --- | --- | --- | --- |
| Loopscope, with trace ({tasks['records']:,} records) | {rate(tasks, n)} | {tasks['seconds']:.2f} s | {per_task:,.0f} bytes a task |
| only a binary heap with the same events | {rate(heap, n)} | {heap['seconds']:.2f} s | |
| {SIMPY}, same model, no trace (100,000 tasks) | {rate(peer, 100_000)} | {peer['seconds']:.2f} s | {peer['peak_kib'] * 1024 / 100_000:,.0f} bytes a task |

Loopscope takes {ratio:.2f} times as long as the heap alone (median over the turns). Aims: at least 1,000,000 tasks/s, at most 2.5 times the heap, at most 400 bytes a task.

The same as whole processes, from start to exit, with everything that `loopscope run` prints (aims: at most 1.3 s and 450 MB, at least
30 times SimPy's rate):

| | tasks/s | time | peak memory |
| --- | --- | --- | --- |
| `loopscope run --format json --summary`, 1,000,000 tasks | {rate(process, 1_000_000)} | {process['seconds']:.2f} s | {process['peak_kib'] * 1024 / 1e6:,.0f} MB |
| {SIMPY}, 100,000 tasks | {rate(simpy, 100_000)} | {simpy['seconds']:.2f} s | {simpy['peak_kib'] * 1024 / 1e6:,.0f} MB |

That is {times:.0f} times SimPy's rate.

Time by number of tasks:

| tasks | time | per task |
| --- | --- | --- |
{rows}

- Ten minutes of 40 computing threads under the GIL (5 ms switches): {gil['seconds'] * 1e3:,.0f} ms (aim: under 1 s).
- `loopscope run` on a script of three lines, from start to exit: {start_to_exit * 1e3:.1f} ms (aim: under 10 ms).
"""


def replace_section(report):
    """Replaces the section of this benchmark and keeps those of the others."""
    path = ROOT / "docs" / "benchmarks.md"
    old = path.read_text() if path.exists() else ""
    title = "# Benchmarks\n\n`make bench` writes this page. Programs that are compared run in turn in the same session.\n\n"
    sections = [part for part in old.split("\n## ")[1:] if not part.startswith("The simulator\n")]
    return title + report + "".join(f"\n## {part.rstrip()}\n" for part in sections)


def say(what):
    print(f"==> {what}", flush=True)


if __name__ == "__main__":
    main()
