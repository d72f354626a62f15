"""Programs that really sleep agree with their virtual run: same lines, same order, same times.

Takes some seconds of real time and a machine that is not busy, so it runs only when
`LOOPSCOPE_REAL_TIME` is set (`make test-long`). It waits until the machine is quiet, and says so
if it never is. Programs that disagree while it is busy again are run once more.
"""

import json
import os
import subprocess
import sys
import time
import unittest

from check import PROGRAMS, claims, options

from loopscope.runner import run_file

TOLERANCE = 0.03
SLACK_SECONDS = 0.05
"""For the start of threads and the system's own timers."""

PROGRAMS_IN_REAL_TIME = [
    "as_completed_in_order_of_time",
    "async_context_manager",
    "async_generator",
    "blocking_freezes_the_loop",
    "callbacks_soon_and_later",
    "cancel_runs_finally",
    "chat_of_two_coroutines",
    "condition_notifies",
    "executor_of_its_own",
    "lock_between_threads",
    "lock_one_after_another",
    "nested_task_groups",
    "queue_join_and_workers",
    "queue_sets_the_pace",
    "queue_with_room_for_one",
    "run_forever_and_stop",
    "shield_goes_on",
    "thread_begins_before_start_returns",
    "thread_pool_as_completed",
    "thread_timer",
    "timeout_is_late_behind_blocking",
    "to_thread_keeps_the_loop_free",
]

PROBE = os.path.join(os.path.dirname(PROGRAMS), "..", "..", "tests", "python", "probe.py")
STRETCH_MAX = 1.1
"""The greatest slowdown of computing that counts as quiet, as a factor."""

PROBES_MAX = 120
"""Attempts to find the machine quiet, about a second each."""

ATTEMPTS = 3

RUNNER = """
import json, runpy, sys, time
lines = []
begin = time.perf_counter()
def tell(*words, **options):
    lines.append([time.perf_counter() - begin, " ".join(map(str, words))])
import builtins, asyncio, concurrent.futures, threading, queue
builtins.print = tell
# Others may still start; the clock begins when all are ready.
asyncio.run(asyncio.sleep(0))
sys.stdout.write("ready\\n")
sys.stdout.flush()
sys.stdin.readline()
begin = time.perf_counter()
runpy.run_path(sys.argv[1], run_name="__main__")
for thread in threading.enumerate():
    if thread is not threading.current_thread() and not thread.daemon:
        thread.join()
end = time.perf_counter() - begin
sys.stdout.write(json.dumps([lines, end]))
"""


@unittest.skipUnless(os.environ.get("LOOPSCOPE_REAL_TIME"), "set LOOPSCOPE_REAL_TIME to run it")
class RealTime(unittest.TestCase):
    """One test for all programs, because they run at the same time."""

    def test_virtual_and_real_runs_agree(self) -> None:
        names = PROGRAMS_IN_REAL_TIME
        for _ in range(ATTEMPTS):
            wait_for_quiet()
            measured = in_real_time(names)
            found = {name: difference(name, *measured[name]) for name in names}
            names = [name for name in names if found[name]]
            # If another process computed in the meantime, the times mean nothing.
            is_noisy = stretch() >= STRETCH_MAX
            if not names or not is_noisy:
                break
        noise = "the machine was busy" if names and is_noisy else None
        self.assertEqual({name: found[name] for name in names}, {}, noise)


def difference(name: str, lines: list[list], end: float) -> str | None:
    """The first difference between a program's virtual run and its real one."""
    filename = os.path.join(PROGRAMS, name + ".py")
    run = run_file(filename, options(claims(filename)))
    virtual = [(at_ns / 1e9, line) for at_ns, _, _, line, _ in run.output.lines]
    virtual.append((run.total_ns / 1e9, "the end"))
    for (at, line), (real_at, real_line) in zip(virtual, [*lines, [end, "the end"]]):
        if line != real_line:
            return f"prints `{line}`, and really `{real_line}`"
        if abs(real_at - at) > TOLERANCE * at + SLACK_SECONDS:
            return f"`{line}` at {at:.3f} s, and really at {real_at:.3f} s"
    return None


def in_real_time(names: list[str]) -> dict[str, tuple[list[list], float]]:
    """By program: the times and texts of its lines, and its length, in seconds."""
    running = {
        name: subprocess.Popen(
            [sys.executable, "-c", RUNNER, os.path.join(PROGRAMS, name + ".py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for name in names
    }
    for process in running.values():
        process.stdout.readline()
    for process in running.values():
        process.stdin.write("go\n")
        process.stdin.flush()
    return {name: json.loads(process.communicate()[0]) for name, process in running.items()}


def wait_for_quiet() -> None:
    for _ in range(PROBES_MAX):
        if stretch() < STRETCH_MAX:
            return
        time.sleep(1)
    raise AssertionError("the machine is too busy to measure anything: two cores must be free")


def stretch() -> float:
    """How much longer computing takes than it should, on two cores."""
    return float(subprocess.check_output([sys.executable, PROBE]))


if __name__ == "__main__":
    unittest.main()
