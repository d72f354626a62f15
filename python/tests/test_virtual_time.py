"""`loopscope.virtual_time()` without pytest: what it gives, what it puts back."""

import asyncio
import random
import sys
import threading
import time
import unittest
from time import sleep

from check import PROGRAMS  # noqa: F401, puts the package on the path

import loopscope


async def waits(seconds: float) -> str:
    await asyncio.sleep(seconds)
    return f"after {seconds}"


class Blocks(unittest.TestCase):
    def test_the_clock_shows_the_seconds_of_the_block(self) -> None:
        with loopscope.virtual_time() as clock:
            self.assertEqual(clock.now, 0)
            asyncio.run(waits(60))
            self.assertEqual(clock.now, 60)
            sleep(1)
        self.assertEqual(clock.now, 61)

    def test_a_block_can_be_entered_again_and_begins_anew(self) -> None:
        clock = loopscope.virtual_time()
        for _ in range(2):
            with clock:
                asyncio.run(waits(5))
            self.assertEqual(clock.now, 5)

    def test_a_block_inside_itself_is_refused(self) -> None:
        with loopscope.virtual_time() as clock, self.assertRaisesRegex(RuntimeError, "entered"):
            clock.__enter__()

    def test_threads_of_the_block_are_played_to_their_end(self) -> None:
        with loopscope.virtual_time() as clock:
            threading.Thread(target=time.sleep, args=(7,)).start()
        self.assertEqual(clock.now, 7)

    def test_inside_a_running_loop_it_is_a_loop_of_its_own(self) -> None:
        async def outer() -> str:
            with loopscope.virtual_time() as clock:
                told = asyncio.run(waits(60))
                self.assertEqual(clock.now, 60)
            await asyncio.sleep(0)
            return told

        self.assertEqual(asyncio.run(outer()), "after 60")


class Decorator(unittest.TestCase):
    def test_a_coroutine_function_becomes_a_function(self) -> None:
        self.assertEqual(loopscope.virtual_time(waits)(60), "after 60")
        self.assertEqual(loopscope.virtual_time(blocking="1s")(waits)(60), "after 60")

    def test_a_wrong_limit_is_refused_at_once(self) -> None:
        for options in ({"blocking": "soon"}, {"time_limit": "8d"}, {"time_limit": "0s"}):
            with self.subTest(options), self.assertRaises(ValueError):
                loopscope.virtual_time(**options)


class Errors(unittest.TestCase):
    def check(self, block, words: str, **options) -> BaseException:
        with self.assertRaises(loopscope.VirtualTimeError) as caught:
            with loopscope.virtual_time(**options):
                block()
        self.assertIn(words, str(caught.exception))
        self.assertIsInstance(caught.exception, AssertionError)
        return caught.exception

    def test_a_blocking_call_is_named_with_its_line(self) -> None:
        async def blocks() -> None:
            sleep(5)

        error = self.check(lambda: asyncio.run(blocks()), "5s: sleep(5)", blocking="1s")
        self.assertIsInstance(error, loopscope.BlockingCallError)

    def test_computing_holds_the_loop_as_well(self) -> None:
        async def computes() -> None:
            loopscope.cpu(2)

        self.check(lambda: asyncio.run(computes()), "2s: loopscope.cpu(2)", blocking=1)

    def test_a_call_without_a_loop_blocks_nothing(self) -> None:
        with loopscope.virtual_time(blocking="1s"):
            sleep(5)

    def test_a_deadlock_cannot_be_caught_and_forgotten(self) -> None:
        async def forgets() -> None:
            try:
                await asyncio.Event().wait()
            except BaseException:
                pass

        self.check(lambda: asyncio.run(forgets()), "`forgets` waits for an event")

    def test_a_failure_of_the_block_has_a_note_about_the_blocking_call(self) -> None:
        async def fails() -> None:
            sleep(5)
            raise KeyError("a")

        with self.assertRaises(KeyError) as caught, loopscope.virtual_time(blocking="1s"):
            asyncio.run(fails())
        self.assertIn("sleep(5)", caught.exception.__notes__[0])

    def test_the_error_of_a_forgotten_task_is_logged(self) -> None:
        async def forgets() -> None:
            async def fails() -> None:
                raise KeyError("lost")

            asyncio.create_task(fails())
            await asyncio.sleep(1)

        with self.assertLogs("asyncio", "ERROR") as logged, loopscope.virtual_time():
            asyncio.run(forgets())
        self.assertIn("never retrieved", logged.output[0])


class PutBack(unittest.TestCase):
    def test_everything_is_as_before(self) -> None:
        def surroundings() -> list:
            names = (time.sleep, time.monotonic, threading.Lock, threading.Thread.start, sleep)
            return [*names, asyncio.Handle, asyncio.new_event_loop, __import__, random.getstate()]

        before = surroundings()
        with loopscope.virtual_time():
            asyncio.run(waits(60))
            random.random()
        self.assertEqual(surroundings(), before)

    def test_a_module_that_is_imported_inside_has_real_time_later(self) -> None:
        sys.modules.pop("sched", None)
        with loopscope.virtual_time():
            import sched

            self.assertIs(sched._time, time.monotonic)
        self.assertIs(sched._time, time.monotonic)

    def test_other_threads_have_real_time_meanwhile(self) -> None:
        """As those of a notebook."""
        told: list = []
        begin, go, done = time.monotonic(), threading.Event(), threading.Event()

        def other() -> None:
            go.wait()
            told.append(time.monotonic())
            told.append(type(threading.Lock()))
            time.sleep(0.001)

            async def real() -> float:
                await asyncio.sleep(0.001)
                return asyncio.get_running_loop().time()

            told.append(asyncio.run(real()))
            done.set()

        thread = threading.Thread(target=other)
        thread.start()
        lock, real_lock = type(threading.Lock()), threading.Lock
        with loopscope.virtual_time() as clock:
            go.set()
            while not done._flag:
                # Lets the other thread go on, and takes no virtual time.
                sum(range(10_000))
            asyncio.run(waits(3600))
            self.assertEqual(clock.now, 3600)
        thread.join()
        self.assertGreaterEqual(told[0], begin)
        self.assertEqual((told[1], real_lock), (lock, threading.Lock))
        self.assertGreaterEqual(told[2], begin)


if __name__ == "__main__":
    unittest.main()
