"""`loopscope.run`: what a run says of itself. Scripts, findings and charts need the program
`loopscope` in LOOPSCOPE_PROGRAM; without it their tests are left out."""

import asyncio
import functools
import importlib.util
import json
import os
import sys
import tempfile
import time
import unittest
from time import sleep
from unittest import mock

from check import PROGRAMS, claims

import loopscope
from loopscope import companion
from loopscope.history import History
from loopscope.runner import run_file

needs_program = unittest.skipUnless(
    os.environ.get("LOOPSCOPE_PROGRAM"), "needs the program `loopscope` in LOOPSCOPE_PROGRAM"
)


async def fetch(seconds: float) -> float:
    await asyncio.sleep(seconds)
    print(f"after {seconds}")
    return seconds


async def blocks() -> None:
    await asyncio.gather(fetch(1), fetch(2), holds())


async def holds() -> None:
    sleep(5)


async def waits_for_ever() -> None:
    await asyncio.Event().wait()


async def app(scope, receive, send) -> None:
    if scope["type"] != "http":
        return
    await asyncio.sleep(0.25)
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body"})


class Functions(unittest.TestCase):
    def check(self, target, total: float, ending: str = "finished", **options) -> loopscope.Run:
        run = loopscope.run(target, **options)
        self.assertEqual((run.total, run.ending), (total, ending), run.problems)
        return run

    def test_a_coroutine_function(self) -> None:
        run = self.check(blocks, 5)
        self.assertEqual([task.name for task in run.tasks], ["blocks", "fetch", "fetch", "holds"])
        fetches = [task for task in run.tasks if task.name == "fetch"]
        self.assertEqual([task.number for task in fetches], [1, 2])
        self.assertEqual(fetches[0].parent, ("blocks", 1))
        self.assertEqual((fetches[0].arrived, fetches[0].finished), (0, 5))
        self.assertEqual([(line.time, line.text) for line in run.output], [(5, "after 1"), (5, "after 2")])

    def test_what_gives_a_coroutine(self) -> None:
        self.assertEqual(self.check(functools.partial(fetch, 3), 3).value, 3)
        self.assertEqual(self.check(lambda: fetch(3), 3).value, 3)
        self.assertEqual(self.check(fetch(3), 3).value, 3)

    def test_a_plain_function(self) -> None:
        self.assertEqual(self.check(lambda: sleep(7) or "slept", 7).value, "slept")
        self.assertEqual(self.check(lambda: asyncio.run(fetch(2)), 2).value, 2)

    def test_an_error_is_a_result(self) -> None:
        async def fails() -> None:
            await asyncio.sleep(1)
            raise ValueError("no")

        run = self.check(fails, 1, "error")
        self.assertIsInstance(run.error, ValueError)
        [problem] = run.problems
        self.assertEqual((problem.kind, problem.message), ("ValueError", "no"))
        self.assertEqual((os.path.basename(problem.file), problem.line is None), ("test_api.py", False))

    def test_a_deadlock_is_a_result(self) -> None:
        self.assertIn("still waits", self.check(waits_for_ever, 0, "deadlock").message)

    def test_a_limit_is_a_result(self) -> None:
        self.check(lambda: sleep(7200), 3600, "limit", time_limit="1h")

    def test_an_interrupt_is_the_callers(self) -> None:
        def interrupts() -> None:
            raise KeyboardInterrupt

        with self.assertRaises(KeyboardInterrupt):
            loopscope.run(interrupts)

    def test_an_app_gets_requests(self) -> None:
        run = self.check(app, 1.25, requests=["3 GET /ping every 500ms"])
        latencies = [(one.status, one.latency) for one in run.responses]
        self.assertEqual(latencies, [(204, 0.25)] * 3)

    def test_events_are_in_order_and_have_their_lines(self) -> None:
        run = loopscope.run(functools.partial(fetch, 3))
        kinds = [(event.time, event.kind) for event in run.events]
        expected = [(0, "arrive"), (0, "start"), (0, "await"), (3, "wake"), (3, "resume")]
        self.assertEqual(kinds, [*expected, (3, "print"), (3, "finish")])
        self.assertEqual(run.events[2].line, fetch.__code__.co_firstlineno + 1)
        self.assertEqual(run.events[5].text, "after 3")

    def test_the_run_leaves_nothing_behind(self) -> None:
        before = (time.sleep, sleep, sys.stdout, asyncio.Handle)
        loopscope.run(blocks)
        self.assertEqual((time.sleep, sleep, sys.stdout, asyncio.Handle), before)

    def test_a_run_says_what_it_is(self) -> None:
        self.assertEqual(repr(loopscope.run(blocks)), "<loopscope.Run finished: 5s, 4 tasks>")


class Programs(unittest.TestCase):
    def test_a_program_of_a_file(self) -> None:
        run = loopscope.run(os.path.join(PROGRAMS, "gather_takes_the_longest.py"))
        total = dict(claims(os.path.join(PROGRAMS, "gather_takes_the_longest.py")))["total"]
        self.assertEqual(f"{run.total:g}s", total)

    def test_arguments_and_input_reach_it(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "app.py")
            with open(path, "w", encoding="utf-8") as file:
                file.write("import sys\nprint(sys.argv[1], input())\n")
            run = loopscope.run(path, arguments=["a"], input=["b"])
        self.assertEqual([line.text for line in run.output], ["b", "a b"])


class Refused(unittest.TestCase):
    def check(self, words: str, kind: type, *target, **options) -> None:
        with self.assertRaisesRegex(kind, words):
            loopscope.run(*target, **options)

    def test_what_cannot_be_run_is_named(self) -> None:
        self.check("`int` cannot be run", TypeError, 3)
        self.check("an app needs requests", ValueError, app)
        self.check("this is none", ValueError, blocks, requests=["GET /"])
        self.check("is no load", ValueError, app, requests=["100 ping"])
        self.check("write at most 7d", ValueError, blocks, time_limit="8d")
        self.check("`seed` is for scripts", ValueError, blocks, seed=1)
        self.check("`input` is for programs", ValueError, blocks, input=["a"])
        self.check("`requests` is for programs", ValueError, "a: cpu 1", requests=["GET /"])

    def test_a_missing_file_is_the_systems_error(self) -> None:
        for name in ("missing.py", "missing.loop"):
            with self.subTest(name), self.assertRaises(FileNotFoundError):
                loopscope.run(name)

    def test_without_the_program_the_message_says_how_to_get_it(self) -> None:
        with mock.patch.dict(os.environ, {"LOOPSCOPE_PROGRAM": "/missing/loopscope"}):
            self.check("`/missing/loopscope`, which is no program", loopscope.CompanionMissing, "a: cpu 1")
        with mock.patch.object(companion, "find", lambda: None), mock.patch.dict(os.environ):
            os.environ.pop("LOOPSCOPE_PROGRAM", None)
            self.check("The wheels for Linux and macOS have it", loopscope.CompanionMissing, "a: cpu 1")
            run = loopscope.run(blocks)
            with self.assertRaisesRegex(loopscope.CompanionMissing, "draws charts"):
                run.svg()
            self.assertIsNone(run._repr_svg_())
            self.assertIn("line", run.text())
            self.assertIn("sleep(5)", run._repr_html_())


class Tables(unittest.TestCase):
    @unittest.skipUnless(importlib.util.find_spec("pandas"), "needs pandas, which is not installed")
    def test_tasks_and_events_are_tables(self) -> None:
        run = loopscope.run(blocks)
        tasks = run.to_dataframe()
        self.assertEqual(list(tasks["name"]), ["blocks", "fetch", "fetch", "holds"])
        self.assertEqual(tasks.loc[3, "parent"], "blocks 1")
        events = run.to_dataframe("events")
        self.assertEqual(events["time"].max(), 5)
        self.assertEqual(list(run.to_dataframe().columns)[:3], ["name", "number", "role"])

    def test_without_pandas_the_message_says_so(self) -> None:
        run = loopscope.run(blocks)
        with mock.patch.dict(sys.modules, {"pandas": None}):
            with self.assertRaisesRegex(loopscope.LoopscopeError, "pip install pandas"):
                run.to_dataframe()


@needs_program
class WithTheProgram(unittest.TestCase):
    SCRIPT = "pool 2\ndef ping: block 1\nrun 4 ping\n"

    def test_a_script(self) -> None:
        run = loopscope.run(self.SCRIPT)
        self.assertEqual((run.total, run.ending, len(run.tasks)), (2, "finished", 4))
        self.assertEqual(run.tasks[3].name, "ping")
        self.assertEqual(run.findings[0].code, "pool_exhausted")
        self.assertTrue(run.findings[0].fix)
        self.assertIn("<svg", run.svg())
        self.assertIn("total 2s", run.text())
        self.assertEqual(loopscope.run("a: cpu 1").total, 1)

    def test_a_script_of_a_file(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "a.loop")
            with open(path, "w", encoding="utf-8") as file:
                file.write(self.SCRIPT)
            self.assertEqual(loopscope.run(path).total, 2)

    def test_a_seed_chooses_the_random_lengths(self) -> None:
        script = "a: await 1s..9s\n"
        totals = [loopscope.run(script, seed=seed).total for seed in (1, 1, 2)]
        self.assertEqual(totals[0], totals[1])
        self.assertNotEqual(totals[0], totals[2])

    def test_a_script_with_errors_says_which(self) -> None:
        with self.assertRaisesRegex(loopscope.ScriptError, "unknown segment `cpuu`"):
            loopscope.run("a: cpuu 1")

    def test_a_function_has_findings_and_a_chart(self) -> None:
        run = loopscope.run(blocks)
        self.assertEqual(run.findings[0].code, "blocking_on_loop")
        self.assertEqual(run.findings[0].lines, [holds.__code__.co_firstlineno + 1])
        self.assertIn("<svg", run.svg())
        self.assertIn("<svg", run._repr_svg_())
        self.assertIn("total 5s", run.text())
        page = run._repr_html_()
        self.assertIn("<svg", page)
        self.assertIn("holds the event loop", page)

    def test_text_in_html_is_no_markup(self) -> None:
        run = loopscope.run(lambda: print("<b>"))
        self.assertIn("&lt;b&gt;", run._repr_html_())
        self.assertNotIn("<b>", run._repr_html_())

    def test_history_is_that_of_the_data_contract(self) -> None:
        """Every fifth program: tasks and events as the program `loopscope` derives them."""
        for name in sorted(os.listdir(PROGRAMS))[::5]:
            path = os.path.join(PROGRAMS, name)
            told = [word for word, _ in claims(path)] if name.endswith(".py") else ["needs"]
            if "needs" in told or "from" in told or "error" in told:
                continue
            with self.subTest(name):
                self.compare(path)

    def compare(self, path: str) -> None:
        run = run_file(path)
        if not 0 < len(run.records) < 10_000:
            return
        from loopscope.api import RecordedRun

        recorded = RecordedRun(run)
        told = recorded._result()
        history = History(run)
        self.assertEqual(json.dumps(history.tasks), json.dumps(told["tasks"]))
        self.assertEqual(history.events, told["events"])


if __name__ == "__main__":
    unittest.main()
