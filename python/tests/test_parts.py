"""Small parts: durations, loads, comments, the count of jumps."""

import itertools
import unittest
from collections.abc import Callable

from check import PROGRAMS  # noqa: F401, puts the package on the path

from loopscope import asgi, durations
from loopscope.endings import LimitReached
from loopscope.limits import Limits, bounded
from loopscope.machine import Machine
from loopscope.sources import Program


class Durations(unittest.TestCase):
    def check(self, text: str, ns: int) -> None:
        self.assertEqual(durations.parse(text), ns)

    def test_units(self) -> None:
        self.check("3", 3_000_000_000)
        self.check("1.5s", 1_500_000_000)
        self.check("150ms", 150_000_000)
        self.check("2min", 120_000_000_000)
        self.check("20us", 20_000)
        self.check("2분", 120_000_000_000)
        self.check("150밀리초", 150_000_000)

    def test_nonsense_is_refused(self) -> None:
        for text in ("", "soon", "-1s", "1 parsec", "1s2"):
            with self.subTest(text), self.assertRaisesRegex(ValueError, "is no duration"):
                durations.parse(text)

    def test_shown_in_the_largest_sensible_unit(self) -> None:
        shown = {0: "0s", 7: "7ns", 20_000: "20µs", 1_500_000_000: "1.5s", 119 * 10**9: "119s"}
        shown |= {120 * 10**9: "2min", 3 * 3600 * 10**9: "3h", 49 * 3600 * 10**9: "2.042d"}
        for ns, text in shown.items():
            self.assertEqual(durations.show(ns), text)


class Loads(unittest.TestCase):
    def test_everything_can_be_said(self) -> None:
        load = asgi.parse_load('10 post /items?x=1 {"a": [1, 2]} every 1s from 500ms within 3s')
        self.assertEqual((load.count, load.method, load.path), (10, "POST", "/items?x=1"))
        self.assertEqual(load.body, b'{"a": [1, 2]}')
        self.assertEqual((load.every_ns, load.start_ns), (1_000_000_000, 500_000_000))
        self.assertEqual(load.within_ns, 3_000_000_000)

    def test_one_is_the_count_that_is_not_written(self) -> None:
        self.assertEqual(asgi.parse_load("GET /").count, 1)

    def test_nonsense_is_refused(self) -> None:
        for text in ("100 ping", "GET", "GET ping", "GET /ping often", "1000000 GET /"):
            with self.subTest(text), self.assertRaises(ValueError):
                asgi.parse_load(text)


class Comments(unittest.TestCase):
    def check(self, line: str, ns: int | None) -> None:
        program = Program("<none>", line)
        self.assertEqual(program.length_at(("<none>", 1)), ns)

    def test_lengths(self) -> None:
        self.check("f()  # 2s", 2_000_000_000)
        self.check("f()  # takes 20ms", 20_000_000)
        self.check("f()  # 10초 소요", 10_000_000_000)
        self.check("f()  # cpu 1.5s", 1_500_000_000)
        self.check("f()  # fast", None)
        self.check("f('# 2s')", None)

    def test_a_path_is_no_length(self) -> None:
        self.check("f()  # 3dots", None)

    def test_loads(self) -> None:
        program = Program(
            "<none>", "# run 100 GET /ping\n# run the tests\n# run GET /slow every 1s\n"
        )
        self.assertEqual(asgi.loads_of(program), [(1, "100 GET /ping"), (3, "GET /slow every 1s")])


class Turns(unittest.TestCase):
    """The bound for computing where there are no signals, as in a browser."""

    def check(self, function: Callable[[], object], **limits: float) -> None:
        bounds = Limits(counts_turns=True, **limits)
        with self.assertRaisesRegex(LimitReached, "the limit"), bounded(bounds, Machine()):
            function()

    def test_a_loop_without_end_is_stopped(self) -> None:
        def turn() -> None:
            # CPython finds no handler of the frame that jumps, only those of its callers.
            while True:
                pass

        self.check(turn, turns=10_000)

    def test_calls_without_a_loop_are_stopped(self) -> None:
        def fibonacci(n: int) -> int:
            return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)

        self.check(lambda: fibonacci(60), turns=10_000)

    def test_a_loop_in_c_that_calls_python_is_stopped(self) -> None:
        self.check(lambda: sum(1 for _ in itertools.repeat(0)), turns=10_000)

    def test_real_time_counts_as_well(self) -> None:
        def turn() -> None:
            while True:
                pass

        self.check(turn, real_seconds=0.001)

    def test_a_program_of_a_few_turns_ends(self) -> None:
        with bounded(Limits(counts_turns=True, turns=10_000), Machine()):
            for _ in range(100):
                pass


if __name__ == "__main__":
    unittest.main()
