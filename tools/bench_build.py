"""Measures the first `make serve` of a fresh clone and writes docs/benchmarks.md.

The clone has an empty cargo home, an empty npm cache, and none of the tools that the build makes
itself. Cargo, Node and Rust's WebAssembly target are installed. Packages are downloaded from their
registries.
"""

import os
import platform
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REPORT = ROOT / "docs" / "benchmarks.md"
TITLE = "The first build"
# A source file of a view, and a text in it with its replacement: a small change, to time the second
# build.
VIEW = "src/view/header.rs"
TEXT = ('.text("?")', '.text("??")')
RUST_PROGRAMS = ["cargo", "rustc", "rustup"]
SECONDS_MAX = 3600


def main():
    with tempfile.TemporaryDirectory(prefix="loopscope-first-build-") as folder:
        place = Path(folder)
        clone = place / "clone"
        subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)
        environment = bare_environment(place)
        first = serve(clone, environment)
        unchanged = serve(clone, environment)
        touch_view(clone)
        changed = serve(clone, environment)
        local = size(clone / "target" / "page")
    report = render(first, unchanged, changed, local)
    REPORT.write_text(with_section(REPORT.read_text(), report))
    print(report)


def bare_environment(place):
    """The environment without tools and caches of earlier builds in the home folder."""
    programs = place / "bin"
    programs.mkdir()
    for name in RUST_PROGRAMS:
        (programs / name).symlink_to(shutil.which(name))
    has_tools = lambda folder: any((Path(folder) / tool).exists() for tool in ["cargo", "wasm-bindgen", "trunk"])
    others = [folder for folder in os.environ["PATH"].split(os.pathsep) if not has_tools(folder)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CARGO")}
    return environment | {
        "CARGO_HOME": str(place / "cargo"),
        "RUSTUP_HOME": os.environ.get("RUSTUP_HOME", str(Path.home() / ".rustup")),
        "npm_config_cache": str(place / "npm"),
        "PATH": os.pathsep.join([str(programs), *others]),
    }


def serve(clone, environment):
    """Runs `make serve` until it prints its address; returns (step, start in seconds) for each step,
    and the total."""
    start = time.monotonic()
    server = subprocess.Popen(
        ["make", "serve"], cwd=clone, env=environment, stdout=subprocess.PIPE, stderr=sys.stderr, text=True, start_new_session=True
    )
    steps = []
    try:
        for line in server.stdout:
            now = time.monotonic() - start
            print(f"{now:6.1f} s  {line.rstrip()}", flush=True)
            if line.startswith("http://"):
                return steps, now
            if "==> " in line:
                steps.append((re.sub(r"\x1b\[\d*m", "", line).strip().removeprefix("==> "), now))
            if now > SECONDS_MAX:
                break
    finally:
        # Ends make, the server and all their child processes.
        os.killpg(server.pid, signal.SIGINT)
        server.wait()
    sys.exit("`make serve` ended without an address; see its output above")


def touch_view(clone):
    path = clone / VIEW
    text = path.read_text()
    if TEXT[0] not in text:
        sys.exit(f"{VIEW} has no {TEXT[0]} any more; name another text in tools/bench_build.py")
    path.write_text(text.replace(*TEXT))


def size(folder):
    return sum(path.stat().st_size for path in folder.iterdir() if path.is_file())


def durations(steps, end):
    """The duration of each step: up to the start of the next one."""
    ends = [start for _, start in steps[1:]] + [end]
    return [(name, until - start) for (name, start), until in zip(steps, ends)]


def render(first, unchanged, changed, local):
    rows = "\n".join(f"| {name} | {seconds:.0f} s |" for name, seconds in durations(*first))
    return f"""## {TITLE}

`make bench-build`, {date.today()}; {platform.machine()}, {os.cpu_count()} cores. `make serve` in a fresh clone with an empty cargo home, until it prints the address.

| What | time | aim |
| --- | --- | --- |
| the first time | {first[1]:.0f} s | 360 s |
| nothing has changed | {unchanged[1]:.1f} s | 3 s |
| one view has changed | {changed[1]:.1f} s | 20 s |

The first time, step by step, as it says them:

| Step | time |
| --- | --- |
{rows}

The page for this machine has {local / 1e6:.1f} MB.
"""


def with_section(text, section):
    """The report with this section instead of its last version, or at the end."""
    head, *parts = text.split("\n## ")
    kept = [part for part in parts if not part.startswith(f"{TITLE}\n")]
    return "".join([head, *(f"\n## {part.rstrip()}\n" for part in kept), f"\n{section}"])


if __name__ == "__main__":
    main()
