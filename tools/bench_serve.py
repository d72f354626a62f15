"""Measures `loopscope serve` and the overhead of `verify`; writes docs/benchmarks.md.

`bench_serve.py PROGRAM`, where PROGRAM is a companion that contains the page.
"""

import http.client
import os
import platform
import socket
import statistics
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REPORT = ROOT / "docs" / "benchmarks.md"
TITLE = "The companion\n"
REQUESTS = 300
CONNECTIONS = 1_000
RUNS = 9


def main():
    program = sys.argv[1]
    server = subprocess.Popen(
        [program, "serve"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        address = server.stdout.readline().split("/#")[0].removeprefix("http://")
        port = int(address.rsplit(":", 1)[1])
        page = [fetch(port, "/") for _ in range(REQUESTS)]
        names = files(port)
        wasm = max(names, key=lambda name: len(body(port, name)))
        program_file = [fetch(port, wasm) for _ in range(REQUESTS)]
        before = memory(server.pid)
        idle = [socket.create_connection(("127.0.0.1", port)) for _ in range(CONNECTIONS)]
        fetch(port, "/")
        open_ = len(os.listdir(f"/proc/{server.pid}/fd"))
        assert open_ > CONNECTIONS, f"only {open_} files are open"
        held = memory(server.pid)
        idle.clear()
    finally:
        server.kill()
        server.wait()
    text = render(page, program_file, wasm, len(names), before, held, added(program))
    replace_section(text)
    print(text)


def fetch(port, path):
    """Seconds from connecting to the last byte."""
    start = time.perf_counter()
    body(port, path)
    return time.perf_counter() - start


def body(port, path):
    status, content = get(port, path)
    assert status == 200, (path, status)
    return content


def get(port, path):
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", path)
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, content


def files(port):
    """The files that the page names and the companion serves."""
    text = body(port, "/").decode()
    words = text.replace('"', " ").replace("'", " ").replace("=", " ").split()
    names = {"/" + word.removeprefix("./").lstrip("/") for word in words if word.endswith((".js", ".css", ".wasm", ".svg"))}
    # Files that only other pages need are not served.
    names = {name for name in names if get(port, name)[0] == 200}
    if not names:
        sys.exit("this companion was built without the page; run `make companion`")
    return sorted(names)


def memory(pid):
    """Resident memory in MB."""
    with open(f"/proc/{pid}/status") as status:
        line = next(line for line in status if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def added(program):
    """Seconds that a verification on asyncio takes in addition to the run itself."""
    script = ROOT / "target" / "bench-verify.loop"
    script.parent.mkdir(exist_ok=True)
    script.write_text("a: await 100ms\nb: await 200ms\n")
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        subprocess.run(
            [program, "verify", script, "--on", "asyncio", "--runs", "1", "--format", "json"],
            stdout=subprocess.DEVNULL,
            check=False,
        )
        times.append(time.perf_counter() - start - 0.2)
    return statistics.median(times)


def render(page, program_file, wasm, count, before, held, verify):
    quantile = lambda times, part: sorted(times)[int(len(times) * part)] * 1e3
    size = lambda times: f"{quantile(times, 0.5):.2f} ms, p95 {quantile(times, 0.95):.2f} ms"
    return f"""## {TITLE}
`make bench` (`python3 tools/bench_serve.py`), {date.today()}; {platform.machine()}, {os.cpu_count()} cores. {REQUESTS} requests each, each on its own connection.

- The page, from connecting to the last byte: {size(page)} (aim: under 5 ms). Its program ({wasm.rsplit('.', 1)[1]}, the largest of {count} files): {size(program_file)}.
- {CONNECTIONS:,} idle connections: {held:.1f} MB resident in total, {held - before:.1f} MB more than without them (aim: under 50 MB).
- `loopscope verify --on asyncio` adds {verify * 1e3:.0f} ms to the time of the run itself (aim: under 1 s).
"""


def replace_section(text):
    old = REPORT.read_text() if REPORT.exists() else "# Benchmarks\n"
    head, *sections = old.split("\n## ")
    sections = [part for part in sections if not part.startswith(TITLE)]
    kept = "".join(f"\n## {part.rstrip()}\n" for part in sections)
    REPORT.write_text(f"{head.rstrip()}\n{kept}\n{text}")


if __name__ == "__main__":
    main()
