"""Programs that really sleep agree with their virtual run: same lines, same order, same times.

Takes some seconds of real time and a machine that is not busy, so it runs only when
`LOOPSCOPE_REAL_TIME` is set (`make test-long`).
"""

import json
import os
import subprocess
import sys
import unittest

from check import PROGRAMS, claims, options

from loopscope.run import run_file

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
        running = {
            name: subprocess.Popen(
                [sys.executable, "-c", RUNNER, os.path.join(PROGRAMS, name + ".py")],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for name in PROGRAMS_IN_REAL_TIME
        }
        for process in running.values():
            process.stdout.readline()
        for process in running.values():
            process.stdin.write("go\n")
            process.stdin.flush()
        for name, process in running.items():
            lines, end = json.loads(process.communicate()[0])
            with self.subTest(name):
                self.compare(name, lines, end)

    def compare(self, name: str, lines: list[list], end: float) -> None:
        filename = os.path.join(PROGRAMS, name + ".py")
        run = run_file(filename, options(claims(filename)))
        predicted = [(at_ns / 1e9, line) for at_ns, _, _, line, _ in run.output.lines]
        self.assertEqual([line for _, line in predicted], [line for _, line in lines])
        self.agree(run.total_ns / 1e9, end)
        for (virtual, _), (real, _) in zip(predicted, lines):
            self.agree(virtual, real)

    def agree(self, virtual: float, real: float) -> None:
        self.assertLessEqual(abs(real - virtual), TOLERANCE * virtual + SLACK_SECONDS)


if __name__ == "__main__":
    unittest.main()
