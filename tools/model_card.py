"""Verifies every lesson, and a few scripts more, on every runtime and writes docs/model-card.md.

Reports are kept in target/model-card, so that an interrupted run continues: a report that holds and
is newer than the program is not measured again; a noisy one is. Needs a quiet machine. The
simplifications come from the headers of the sources, where they are documented.
"""

import argparse
import json
import os
import pathlib
import platform
import re
import statistics
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent
REPORTS = ROOT / "target/model-card"
CARD = ROOT / "docs/model-card.md"

# The lessons, and scripts of what no lesson has.
SCRIPTS = ["crates/lessons/course", "tests/cases/model_card"]
RUNTIMES = ["asyncio", "fastapi", "tokio", "threads", "celery"]
SIGNS = {"holds": "✓", "fails": "✗", "too_noisy": "?"}
# The predicted length of a run. If its result is unclear, the run is repeated with the longer one,
# since some costs do not depend on the scale: a hundred requests take a fifth of a second in any
# case.
SECONDS = [1.5, 8.0]
# A fraction of the total, regardless of the slack: a run with a larger error is measured again.
ERROR_MAX = 0.05
# The load of other programs, in cores, above which the machine counts as busy.
BUSY = 0.1
# The exit code for a script that the runtime does not support.
REFUSED = 2

# The folders whose headers list simplifications.
CONFESSING = ["crates/sim/src", "crates/companion/src/verify"]
CONFESSION = re.compile(r"^//! # What this leaves out\n//!\n((?://! .*\n)+)", re.MULTILINE)

HEAD = """# The model card

How far predictions are from reality, lesson by lesson, and what the model leaves out.
Written by `make model-card`; the figures are of one machine and one day.

{machine}.

Every script is scaled so that a run takes about {seconds:g} s, and longer where that was not clear; {runs}.
The tolerance is 5 % and a slack for starting threads and processes, which each report states.
Where one loop promises an order, a run that breaks it does not hold.
"""

CELLS = """
## Predicted and measured

Each cell: the total predicted and measured, its error, and the largest error of any task's start or
end. `✓` holds, `✗` fails, `?` too noisy to say (other programs kept the machine busy, or the runs disagree),
`–` the runtime does not support a part of the script ([lessons.txt](../crates/companion/tests/verify/lessons.txt) names it).
A script that computes on every core there is, as 23c does on threads, is late by what other programs compute
meanwhile: a fifth of a core is a tenth of the time of two.

"""

LEFT_OUT = """
## What the model leaves out

Gathered from the headers of the sources, where each of these is decided.

"""


def main():
    parser = argparse.ArgumentParser(description="Writes docs/model-card.md.")
    parser.add_argument("--runs", type=int, default=3, help="of each script; the median counts")
    parser.add_argument("--on", choices=RUNTIMES, action="append", help="measure only on these")
    parser.add_argument("--write", action="store_true", help="the card alone, of what is measured")
    options = parser.parse_args()
    program = pathlib.Path(os.environ.get("LOOPSCOPE", ROOT / "target/release/loopscope"))
    REPORTS.mkdir(parents=True, exist_ok=True)
    lessons = [script for folder in SCRIPTS for script in sorted((ROOT / folder).glob("*.loop"))]
    for runtime in [] if options.write else options.on or RUNTIMES:
        for lesson in lessons:
            if is_wanted(program, lesson, runtime):
                measure(program, lesson, runtime, options.runs)
    reports = {
        (lesson.stem, runtime): json.loads(kept(lesson, runtime).read_text())
        for lesson in lessons
        for runtime in RUNTIMES
        if kept(lesson, runtime).exists()
    }
    CARD.write_text(card(lessons, reports))


# Measuring.


def kept(lesson, runtime):
    return REPORTS / f"{lesson.stem}.{runtime}.json"


def is_wanted(program, lesson, runtime):
    file = kept(lesson, runtime)
    if not file.exists() or file.stat().st_mtime < program.stat().st_mtime:
        return True
    return not is_good(json.loads(file.read_text()))


def is_good(report):
    verdict = report["verdict"]
    return verdict == "refused" or (verdict == "holds" and abs(total_error(report)) <= ERROR_MAX)


def measure(program, lesson, runtime, runs):
    """Stores the first good report, otherwise the last one."""
    for seconds in SECONDS:
        try:
            report = verify(program, lesson, runtime, runs, seconds)
        except Failed as error:
            print(f"{lesson.stem} on {runtime}: {error}", flush=True)
            return
        # On a busy machine a longer run would be just as noisy.
        is_busy = report["verdict"] == "too_noisy" and (report["others_cores"] or 0) > BUSY
        if is_good(report) or is_busy:
            break
    kept(lesson, runtime).write_text(json.dumps(report))
    print(f"{lesson.stem} on {runtime}: {cell(report)}", flush=True)


class Failed(Exception):
    """The verification produced no report; the message is the program's."""


def verify(program, lesson, runtime, runs, seconds):
    arguments = ["--on", runtime, "--seconds", str(seconds), "--runs", str(runs)]
    verified = subprocess.run(
        [program, "verify", lesson, *arguments, "--format", "json"],
        capture_output=True,
        text=True,
        env=os.environ | {"LC_ALL": "C"},
    )
    if verified.returncode == REFUSED:
        return {"verdict": "refused"}
    if not verified.stdout:
        raise Failed(verified.stderr.strip())
    return json.loads(verified.stdout)


# Writing.


def card(lessons, reports):
    measured = [report for report in reports.values() if report["verdict"] != "refused"]
    versions = {}
    for report in measured:
        versions |= report["versions"]
    listed = ", ".join(f"{name} {version}" for name, version in sorted(versions.items()))
    machine = f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}; {listed}"
    runs = max((report["runs"] for report in measured), default=0)
    runs = "each was run once" if runs == 1 else f"the median of {runs} runs counts"
    text = HEAD.format(machine=machine, seconds=SECONDS[0], runs=runs)
    text += "\n" + summary(reports) + CELLS
    # Few lessons have jobs, so Celery gets a table of its own.
    most = [runtime for runtime in RUNTIMES if runtime != "celery"]
    text += cells(lessons, reports, most)
    sends = [lesson for lesson in lessons if is_measured(reports, lesson.stem, "celery")]
    text += "\n" + cells(sends, reports, ["celery"])
    return text + LEFT_OUT + confessions()


def is_measured(reports, lesson, runtime):
    return reports.get((lesson, runtime), {"verdict": "refused"})["verdict"] != "refused"


def summary(reports):
    rows = []
    for runtime in RUNTIMES:
        of_runtime = [report for (_, on), report in reports.items() if on == runtime]
        verdicts = [report["verdict"] for report in of_runtime]
        errors = [abs(total_error(report)) for report in of_runtime if report["verdict"] == "holds"]
        row = [runtime, *(verdicts.count(name) for name in [*SIGNS, "refused"])]
        figures = [statistics.median(errors), max(errors)] if errors else []
        rows.append(row + [percent(figure) for figure in figures])
    head = ["runtime", "holds", "fails", "too noisy", "not applicable"]
    return table([*head, "median error of the total", "largest"], rows)


def cells(lessons, reports, runtimes):
    rows = [
        [lesson.stem, *(cell(reports.get((lesson.stem, runtime))) for runtime in runtimes)]
        for lesson in lessons
    ]
    return table(["lesson", *runtimes], rows)


def cell(report):
    """A cell of the table, e.g. `✓ 1.500 → 1.503 s, +0.2 %; 4 ms`."""
    if report is None:
        return ""
    if report["verdict"] == "refused":
        return "–"
    total = report["total"]
    times = (pair for task in report["tasks"] for pair in (task["start"], task["finish"]) if pair)
    worst = max((abs(pair["error_ns"]) for pair in times), default=0) / 1e6
    predicted, measured = (total[name] / 1e9 for name in ("predicted_ns", "measured_ns"))
    sign = SIGNS[report["verdict"]]
    error = percent(total_error(report), sign=True)
    return f"{sign} {predicted:.3f} → {measured:.3f} s, {error}; {worst:.0f} ms"


def total_error(report):
    return report["total"]["error_ns"] / report["total"]["predicted_ns"]


def percent(part, sign=False):
    return f"{part * 100:{'+' if sign else ''}.1f} %".replace("-", "−")


def table(head, rows):
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(map(str, line)) + " |\n" for line in lines)


# Simplifications.


def confessions():
    """The simplifications of each source file, by its path."""
    files = sorted(file for folder in CONFESSING for file in (ROOT / folder).rglob("*.rs"))
    return "\n".join(filter(None, map(confession, files)))


def confession(file):
    found = CONFESSION.search(file.read_text())
    if found is None:
        return None
    text = "".join(line.removeprefix("//! ") for line in found[1].splitlines(keepends=True))
    # Links between sources do not work in the document.
    text = re.sub(r"\[(`[^`\]]+`)\]", r"\1", text).replace("`crate::", "`")
    return f"`{file.relative_to(ROOT)}`\n\n{text}"


if __name__ == "__main__":
    main()
