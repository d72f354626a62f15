"""The trace file keeps the rules of docs/trace-format.md, for every program.

With `LOOPSCOPE_PROGRAM`, the path of the companion, `loopscope open` draws each of them, too.
"""

import json
import os
import re
import subprocess
import tempfile
import unittest

from check import PROGRAMS, claims, options

from loopscope import trace
from loopscope.runner import Options, run_file, run_source

STATES = set(
    [
        "unaccepted",
        "ready",
        "running",
        "blocking",
        "awaiting",
        "queued_token",
        "queued_executor",
        "queued_process",
        "queued_job",
        "queued_gil",
        "queued_core",
        "waiting_permit",
        "waiting_item",
        "waiting_room",
        "waiting_event",
        "waiting_notify",
        "waiting_task",
        "waiting_all",
        "offloaded",
        "done",
        "failed",
        "cancelled",
        "printed",
        "responded",
        "cancel_requested",
        "timed_out",
    ]
)
"""crates/model/src/trace/state.rs."""

ROLES = {"arrived", "spawned", "gathered", "grouped", "shielded", "offloaded", "sent"}
LANES = {"loop", "thread", "executor", "process", "job"}


class EveryTrace(unittest.TestCase):
    def test_keeps_the_rules_of_the_format(self) -> None:
        for name in sorted(os.listdir(PROGRAMS)):
            filename = os.path.join(PROGRAMS, name)
            if not name.endswith(".py") or any(word == "needs" for word, _ in claims(filename)):
                continue
            with self.subTest(name):
                run = run_file(filename, options(claims(filename)))
                self.keeps_rules(trace.trace_of(run))

    def keeps_rules(self, file: dict) -> None:
        segments = sum(line.startswith("    ") for line in file["script"].splitlines())
        tasks = len(re.findall(r"^(?:async )?def ", file["script"], re.MULTILINE))
        self.assertEqual(len(file["lines"]), segments)
        self.assertTrue(file["instances"])
        for number, (task, count, parent, role, server) in enumerate(file["instances"]):
            self.assertTrue(0 <= task < tasks and count >= 1 and server == 0)
            self.assertLess(parent, number, "a parent precedes its children")
            self.assertIn(role, ROLES)
        for kind, server in file["lanes"]:
            self.assertIn(kind, LANES)
        last = 0
        for at_ns, who, state, lane, segment, cause in file["records"]:
            self.assertGreaterEqual(at_ns, last)
            last = at_ns
            self.assertTrue(0 <= who < len(file["instances"]))
            self.assertIn(state, STATES)
            self.assertTrue(-1 <= lane < len(file["lanes"]))
            self.assertTrue(0 <= segment < segments)
            self.assertTrue(-1 <= cause < len(file["instances"]))
        self.assertGreaterEqual(file["end_ns"], 0)

    @unittest.skipUnless(
        os.environ.get("LOOPSCOPE_PROGRAM"), "set LOOPSCOPE_PROGRAM to the companion to run it"
    )
    def test_is_drawn_by_the_companion(self) -> None:
        for name in sorted(os.listdir(PROGRAMS)):
            filename = os.path.join(PROGRAMS, name)
            if not name.endswith(".py") or any(word == "needs" for word, _ in claims(filename)):
                continue
            with self.subTest(name), tempfile.TemporaryDirectory() as folder:
                file = os.path.join(folder, "trace.json")
                trace.write(run_file(filename, options(claims(filename))), file)
                command = [os.environ["LOOPSCOPE_PROGRAM"], "open", file]
                opened = subprocess.run(command, capture_output=True, text=True, check=False)
                self.assertEqual((opened.returncode, opened.stderr), (0, ""))


class Script(unittest.TestCase):
    """The script in the trace names the lines of the program."""

    def check(self, source: str, expected: str) -> None:
        run = run_source(source, "example.py", Options())
        self.assertEqual(trace.trace_of(run)["script"].splitlines()[1:], expected.splitlines())

    def test_waits_are_segments_with_their_line(self) -> None:
        self.check(
            "import asyncio, time\n"
            "async def main():\n"
            "    await asyncio.sleep(1)\n"
            "    time.sleep(2)\n"
            "asyncio.run(main())\n",
            "async def main:\n"
            '    await 0s "5: asyncio.run(main())"\n'
            '    await 1s "3: await asyncio.sleep(1)"\n'
            '    block 2s "4: time.sleep(2)"\n'
            "run main",
        )

    def test_functions_on_threads_are_plain_functions(self) -> None:
        self.check(
            "import asyncio, time\n"
            "def work(): time.sleep(1)\n"
            "async def main(): await asyncio.to_thread(work)\n"
            "asyncio.run(main())\n",
            "async def main:\n"
            '    await 0s "4: asyncio.run(main())"\n'
            '    await 1s "3: async def main(): await asyncio.to_thread(work)"\n'
            "def work:\n"
            '    cpu 0s "2: def work(): time.sleep(1)"\n'
            '    block 1s "2: def work(): time.sleep(1)"\n'
            "run main",
        )

    def test_names_are_made_valid_and_different(self) -> None:
        run = run_source(
            "import asyncio\n"
            "class A:\n"
            "    async def f(self): await asyncio.sleep(1)\n"
            "async def A_f(): await asyncio.sleep(1)\n"
            "async def main(): await asyncio.gather(A().f(), A_f())\n"
            "asyncio.run(main())\n",
            "example.py",
        )
        script = trace.trace_of(run)["script"]
        self.assertEqual(re.findall(r"def (\w+):", script), ["main", "A_f", "A_f_2"])

    def test_what_the_records_do_not_say_is_in_the_program(self) -> None:
        run = run_source(
            "import asyncio\n"
            "class A:\n"
            "    async def f(self): print('f'); raise ValueError('no')\n"
            "async def main(): await A().f()\n"
            "breakpoint()\n"
            "asyncio.run(main())\n",
            "example.py",
        )
        file = trace.trace_of(run)
        program = file["program"]
        self.assertEqual(program["names"], ["main"])
        self.assertEqual((program["ending"], program["exit_code"]), ("error", 1))
        self.assertEqual(program["output"], [[0, 0, "stdout", "f", ["example.py", 3]]])
        self.assertEqual(program["notes"], [[None, "`breakpoint()` is ignored"]])
        (problem,) = program["problems"]
        self.assertEqual((problem["kind"], problem["message"]), ("ValueError", "no"))
        self.assertEqual(problem["place"], ["example.py", 3])
        printed = [row for row in file["records"] if row[2] == "printed"]
        self.assertEqual(len(printed), 1, "each line of output has its record")

    def test_no_file_of_this_package_is_named(self) -> None:
        source = (
            "async def app(scope, receive, send):\n"
            "    await send({'type': 'http.response.start', 'status': 200, 'headers': []})\n"
            "    await send({'type': 'http.response.body'})\n"
        )
        run = run_source(source, "example.py", Options(requests=["1 GET /"]))
        files = {line[0] for line in trace.trace_of(run)["lines"] if line}
        self.assertLessEqual(files, {"example.py"})

    def test_other_files_of_the_program_have_their_text(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            for name, text in [
                ("app.py", "import helper_of_test\nhelper_of_test.work()\n"),
                ("helper_of_test.py", "import time\ndef work(): time.sleep(1)\n"),
            ]:
                with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                    file.write(text)
            run = run_file(os.path.join(folder, "app.py"))
            ((name, text),) = trace.trace_of(run)["program"]["files"]
        self.assertEqual(os.path.basename(name), "helper_of_test.py")
        self.assertEqual(text, "import time\ndef work(): time.sleep(1)")

    def test_the_file_is_json(self) -> None:
        run = run_source("print('한글 \\\"quoted\\\"')\n", "example.py")
        self.assertIn("한글", json.dumps(trace.trace_of(run), ensure_ascii=False))


if __name__ == "__main__":
    unittest.main()
