"""Every lesson on every runtime, predicted and measured: writes docs/model-card.md.

`model_card.py [--seconds S] [--runs N]`: each script is scaled so that it takes
about S seconds. Wants a quiet machine; what was measured beside other programs
says so in its verdict.
"""

import argparse
import json
import os
import pathlib
import platform
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent
RUNTIMES = ["asyncio", "fastapi", "celery", "tokio", "threads"]
VERDICTS = {"holds": "✓", "fails": "✗", "too_noisy": "?"}

HEAD = """# The model card

How far predictions are from reality, lesson by lesson, and what the model leaves out.
Written by `make model-card`; the figures are of one machine and one day.

{machine}. Every script is scaled to about {seconds:g} s, {runs}. `✓` holds, `✗` fails, `?` too noisy to
say (other programs kept the machine busy, or the runs disagree); the tolerance is 5 % and a slack for
starting threads and processes, which each report states. `–`: the runtime has nothing for what the
script uses.

"""

LEFT_OUT = """
## What the model leaves out

- **Hops are free** unless `--costs` names what `calibrate` measured. Creating a task, waking it, handing work to a thread take no time in the model and
  10 to 200 µs in reality. A hundred tasks that start together start over some milliseconds.
- **HTTP is free.** A request costs a client and a server one to three milliseconds of CPU each on this
  machine, and both share its cores with what is measured: a hundred at once are late by a fifth of a second.
- **A broker is free.** A job is with its worker one to ten milliseconds after it was sent, and its result is
  asked for every five.
- **Starting a process** takes tens of milliseconds, the first time it is asked for.
- **Which thread gets the GIL** is the operating system's choice. Two or three threads share it evenly in
  reality too; of eight equal ones some end a fifth earlier than others.
- **The pool of an exported asyncio program** is a `ThreadPoolExecutor`, which hands work to a thread while
  the loop is held; the model has AnyIO's, which cannot. FastAPI has AnyIO's.
- **Accepting requests.** The model gives a burst to one server process; real ones share it by chance.
- **Memory, caches, garbage collection, the network** do not exist.
- **Tokio** has no GIL and drops what is cancelled; the prediction is made without the first, and scripts
  that clean up after cancellation are refused.
- **Lengths that are drawn** are drawn anew by the real run; such scripts cannot fail here.
"""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    program = os.environ.get("LOOPSCOPE", str(ROOT / "target/release/loopscope"))
    lessons = sorted((ROOT / "www/lessons").glob("*.loop"))
    versions, rows, counts = {}, [], {}
    for lesson in lessons:
        cells = [lesson.stem]
        for runtime in RUNTIMES:
            report = verify(program, lesson, runtime, options)
            cells.append(cell(report))
            if report:
                versions |= report["versions"]
                key = (runtime, report["verdict"])
                counts[key] = counts.get(key, 0) + 1
        print(" | ".join(cells), flush=True)
        rows.append(cells)
    (ROOT / "docs/model-card.md").write_text(card(options, versions, rows, counts))


def verify(program, lesson, runtime, options):
    """The report; none where the runtime cannot run the script."""
    simulated = subprocess.run(
        [program, "run", lesson, "--summary", "--format", "json"], stdout=subprocess.PIPE
    )
    total = json.loads(simulated.stdout)["total_ns"] / 1e9
    scale = min(1.0, max(0.001, options.seconds / total))
    arguments = ["--on", runtime, "--scale", f"{scale:.6f}", "--runs", str(options.runs)]
    measured = subprocess.run(
        [program, "verify", lesson, *arguments, "--format", "json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    if measured.returncode == 2:
        return None
    if not measured.stdout:
        raise SystemExit(f"{lesson.stem} on {runtime}: {measured.stderr}")
    return json.loads(measured.stdout)


def cell(report):
    """`✓ 1.000 → 1.003 s, ± 4 ms`: total predicted and measured, the largest error of a task."""
    if report is None:
        return "–"
    total = report["total"]
    errors = [
        abs(pair["error_ns"])
        for task in report["tasks"]
        for pair in (task["start"], task["finish"])
        if pair
    ]
    predicted, measured = (total[key] / 1e9 for key in ("predicted_ns", "measured_ns"))
    worst = max(errors, default=0) / 1e6
    sign = VERDICTS[report["verdict"]]
    return f"{sign} {predicted:.3f} → {measured:.3f} s, ± {worst:.0f} ms"


def card(options, versions, rows, counts):
    listed = ", ".join(f"{name} {version}" for name, version in sorted(versions.items()))
    machine = f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}; {listed}"
    runs = "run once" if options.runs == 1 else f"median of {options.runs} runs"
    text = HEAD.format(machine=machine, seconds=options.seconds, runs=runs)
    text += "Predicted → measured total, and the largest error of any start or end of a task:\n\n"
    text += "| lesson | " + " | ".join(RUNTIMES) + " |\n"
    text += "| --- " * (len(RUNTIMES) + 1) + "|\n"
    for cells in rows:
        text += "| " + " | ".join(cells) + " |\n"
    text += "\n| runtime | holds | fails | too noisy |\n| --- | --- | --- | --- |\n"
    for runtime in RUNTIMES:
        numbers = [counts.get((runtime, verdict), 0) for verdict in VERDICTS]
        text += f"| {runtime} | " + " | ".join(map(str, numbers)) + " |\n"
    return text + LEFT_OUT


if __name__ == "__main__":
    main()
