"""Runs in one process, one after another, as the page makes them: data out, nothing left behind."""

import _thread
import asyncio
import json
import logging
import os
import sys
import threading
import unittest
from collections.abc import Callable
from typing import Any

from check import PROGRAMS, claims  # noqa: F401, puts the package on the path

from loopscope.embedded import run_json, run_source

HOLDS = """\
import asyncio, time

async def fetch():
    await asyncio.sleep(1)
    print("fetched")

async def report():
    time.sleep(5)
    print("done")

async def main():
    await asyncio.gather(fetch(), report())

asyncio.run(main())
"""


class Results(unittest.TestCase):
    """The fields of `loopscope.run/1`."""

    def run_program(self, source: str, **options: Any) -> dict[str, Any]:
        result = run_source(source, options)
        self.assertEqual(result["schema"], "loopscope.run/1")
        return result

    def test_lines_have_their_times_and_places(self) -> None:
        result = self.run_program(HOLDS)
        lines = [(line["at_ns"], line["text"], line["place"]["line"]) for line in result["lines"]]
        self.assertEqual(lines, [(5_000_000_000, "done", 9), (5_000_000_000, "fetched", 5)])
        self.assertEqual((result["ending"], result["total_ns"]), ("finished", 5_000_000_000))
        self.assertEqual(result["counts"]["tasks"], 3)

    def test_a_line_that_holds_the_loop_is_blamed(self) -> None:
        worst = self.run_program(HOLDS)["blamed"][0]
        self.assertEqual(worst["place"], {"file": "program.py", "line": 8})
        self.assertEqual((worst["source"], worst["state"]), ("time.sleep(5)", "blocking"))
        self.assertEqual((worst["held_ns"], worst["waited_ns"]), (5_000_000_000, 4_000_000_000))

    def test_a_problem_has_its_line_and_plain_words(self) -> None:
        source = "import asyncio\nasync def f():\n    await 3\nasyncio.run(f())\n"
        problem = self.run_program(source)["problems"][0]
        self.assertEqual((problem["kind"], problem["place"]["line"]), ("TypeError", 3))
        self.assertIn("Leave `await` out", problem["advice"])
        self.assertEqual([place["line"] for place in problem["called_from"]], [4])

    def test_a_deadlock_says_which_tasks_wait(self) -> None:
        source = (
            "import asyncio\nasync def f():\n    await asyncio.Queue().get()\nasyncio.run(f())\n"
        )
        result = self.run_program(source)
        self.assertEqual(result["ending"], "deadlock")
        waiting = [(w["name"], w["state"], w["source"]) for w in result["waiting"]]
        self.assertEqual(waiting, [("f", "waiting_item", "await asyncio.Queue().get()")])

    def test_assumed_times_are_data(self) -> None:
        source = "import requests\nfor _ in range(3):\n    requests.get('http://x')\n"
        result = self.run_program(source, stand_ins=["requests"])
        expected = {
            "place": {"file": "program.py", "line": 3},
            "path": "requests.get",
            "manner": "block",
            "ns": 1_000_000_000,
        }
        self.assertEqual(result["assumed"], [expected])
        self.assertEqual(len(result["notes"]), 1)

    def test_the_trace_has_the_program_and_its_lines(self) -> None:
        trace = self.run_program(HOLDS, filename="app.py")["trace"]
        self.assertEqual(trace["schema"], "loopscope.trace/1")
        program = trace["program"]
        self.assertEqual((program["file"], program["source"]), ("app.py", HOLDS))
        self.assertIn(["app.py", 8], trace["lines"])

    def test_requests_are_answered(self) -> None:
        source = (
            "async def app(scope, receive, send):\n"
            "    await send({'type': 'http.response.start', 'status': 204, 'headers': []})\n"
            "    await send({'type': 'http.response.body'})\n"
        )
        responses = self.run_program(source, requests=["2 GET /"])["responses"]
        self.assertEqual([response["status"] for response in responses], [204, 204])

    def test_the_result_is_json_of_valid_text(self) -> None:
        result, trace = run_json("print('\\ud800 안녕')\n", '{"filename": "a.py"}')
        self.assertEqual(json.loads(result)["lines"][0]["text"], "? 안녕")
        self.assertEqual(json.loads(trace)["program"]["file"], "a.py")
        (result + trace).encode()

    def test_no_message_names_an_option_of_the_command_line(self) -> None:
        for source in (
            "input()\n",
            "import time\ntime.sleep(1e9)\n",
            "import importlib\nimportlib.import_module('socket').create_connection(('x', 80))\n",
            "async def app(scope, receive, send): pass\n",
        ):
            words = self.run_program(source)["words"]
            self.assertIn("line 1" if source.startswith("input") else " ", words)
            self.assertNotIn("--", words)

    def test_a_wrong_option_is_named(self) -> None:
        for options in (
            {"speed": 1},
            {"steps": 0},
            {"stand_ins": "x"},
            {"time_limit": "8d"},
            {"requests": ["ping"]},
        ):
            with self.subTest(options), self.assertRaises(ValueError):
                run_source("", options)


class Limits(unittest.TestCase):
    """Every program comes back, without signals and on any thread."""

    def check(self, source: str, words: str, **options: Any) -> None:
        result = run_source(source, options)
        self.assertEqual(result["ending"], "limit", result["words"])
        self.assertIn(words, result["message"])

    def test_a_loop_without_end(self) -> None:
        self.check("while True:\n    pass\n", "more than 50,000 turns", turns=50_000)

    def test_calls_without_end(self) -> None:
        source = "def f(n):\n    f(n - 1) if n else 0\n    f(n - 1) if n else 0\nf(60)\n"
        self.check(source, "more than 50,000 turns", turns=50_000)

    def test_a_loop_without_end_in_a_task(self) -> None:
        source = (
            "import asyncio\nasync def f():\n    while True:\n        pass\nasyncio.run(f())\n"
        )
        self.check(source, "line ", turns=50_000)

    def test_steps_without_end(self) -> None:
        source = "import asyncio\nasync def f():\n    while True:\n        await asyncio.sleep(0)\nasyncio.run(f())\n"
        self.check(source, "more than 1,000 steps", steps=1_000)

    def test_output_without_end(self) -> None:
        self.check("while True:\n    print('x' * 99)\n", "more than 1,000 characters", output=1_000)

    def test_time_without_end(self) -> None:
        self.check("import time\nwhile True:\n    time.sleep(1)\n", "after 60s", time_limit="60s")

    def test_real_time(self) -> None:
        self.check("while True:\n    pass\n", "after 0.05 s of real time", real_seconds=0.05)

    def test_on_another_thread(self) -> None:
        failures = []
        # Not `join`, which belongs to the program while it runs.
        is_over = _thread.allocate_lock()
        is_over.acquire()

        def run() -> None:
            try:
                self.check("while True:\n    pass\n", "turns", turns=50_000)
            except BaseException as error:
                failures.append(error)
            finally:
                is_over.release()

        thread = threading.Thread(target=run)
        thread.start()
        is_over.acquire()
        thread.join()
        self.assertEqual(failures, [])


class OneAfterAnother(unittest.TestCase):
    """What a program changes is not there for the next one."""

    def check(self, source: str, state: Callable[[], object]) -> None:
        before = state()
        result = run_source(source)
        self.assertEqual(result["problems"], [], result["words"])
        self.assertEqual(state(), before)

    def test_functions_of_modules(self) -> None:
        source = "import asyncio, json\nasyncio.sleep = print\njson.added = 1\n"
        self.check(source, lambda: (asyncio.sleep, hasattr(json, "added")))

    def test_builtins(self) -> None:
        self.check("import builtins\nbuiltins.len = lambda x: 3\n", lambda: len("x"))

    def test_the_environment(self) -> None:
        source = "import os, sys\nos.environ['A_NAME'] = 'x'\nsys.path.clear()\nsys.setrecursionlimit(500)\n"
        self.check(
            source, lambda: ("A_NAME" in os.environ, list(sys.path), sys.getrecursionlimit())
        )

    def test_logging(self) -> None:
        source = (
            "import logging\nlogging.basicConfig(level=logging.DEBUG)\n"
            "logging.getLogger('own').setLevel(10)\nlogging.getLogger('asyncio').disabled = True\n"
        )
        root = logging.root
        self.check(
            source,
            lambda: (
                root.level,
                list(root.handlers),
                "own" in root.manager.loggerDict,
                logging.getLogger("asyncio").disabled,
            ),
        )

    def test_context_variables(self) -> None:
        source = "import decimal\ndecimal.getcontext().prec = 3\nprint(decimal.Decimal(1) / 3)\n"
        self.assertEqual(run_source(source)["lines"][0]["text"], "0.333")
        after = "import decimal\nprint(decimal.Decimal(1) / 3)\n"
        self.assertEqual(len(run_source(after)["lines"][0]["text"]), 30)

    def test_the_event_loop(self) -> None:
        source = "import asyncio\nloop = asyncio.new_event_loop()\nasyncio.set_event_loop(loop)\n"
        run_source(source)
        after = "import asyncio\nloop = asyncio.get_event_loop()\nprint(loop.is_closed())\n"
        result = run_source(after)
        # Python 3.14 makes no loop of its own any more.
        kinds = [problem["kind"] for problem in result["problems"]]
        self.assertIn(
            (kinds, [line["text"] for line in result["lines"]]),
            [([], ["False"]), (["RuntimeError"], [])],
        )

    def test_the_same_program_gives_the_same_result(self) -> None:
        for name in ("gather_takes_the_longest", "threads_share_the_gil", "standin_celery"):
            with open(os.path.join(PROGRAMS, f"{name}.py"), encoding="utf-8") as file:
                source = file.read()
            with self.subTest(name):
                self.assertEqual(run_json(source), run_json(source))


if __name__ == "__main__":
    unittest.main()
