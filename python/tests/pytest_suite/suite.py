"""Tests for the pytest plugin. A comment above each says how it ends: `# passes`, or `# fails: WORDS`
with words of its message. `../test_pytest_plugin.py` runs them and compares."""

import asyncio
import datetime
import threading
import time
import unittest
from time import monotonic, sleep

import loopscope
import pytest


# passes
@pytest.mark.virtual_time
async def test_an_hour_passes_in_no_time() -> None:
    begin = time.monotonic()
    await asyncio.sleep(3600)
    assert time.monotonic() - begin == 3600


# passes
@pytest.mark.virtual_time
async def test_names_that_were_imported_before_are_virtual() -> None:
    begin, today = monotonic(), datetime.datetime.now()
    await asyncio.to_thread(sleep, 86_400)
    assert monotonic() - begin == 86_400
    assert datetime.datetime.now() - today == datetime.timedelta(days=1)


# passes
@pytest.mark.virtual_time(blocking="100ms")
async def test_a_short_blocking_call_is_allowed() -> None:
    time.sleep(0.1)


# fails: suite.py:42: 5s: time.sleep(5)
@pytest.mark.virtual_time(blocking="100ms")
async def test_a_long_blocking_call_is_not() -> None:
    async def fetch() -> None:
        time.sleep(5)

    await asyncio.gather(fetch(), asyncio.sleep(1))


# fails: suite.py:51: 3 × 2s: sleep(2)
@pytest.mark.virtual_time(blocking="100ms")
async def test_a_line_that_blocks_often_is_named_once() -> None:
    for _ in range(3):
        sleep(2)


# fails: longer than 1s, the limit
@pytest.mark.virtual_time
async def test_the_setting_is_the_limit_of_all_others() -> None:
    time.sleep(1.5)


# passes
@pytest.mark.virtual_time(blocking=0.1)
async def test_a_blocking_call_on_a_thread_is_allowed() -> None:
    await asyncio.to_thread(time.sleep, 5)


# fails: suite.py:70: `waits_for_ever` waits for an item that is never put into the queue
@pytest.mark.virtual_time
async def test_a_deadlock_names_the_line() -> None:
    async def waits_for_ever() -> None:
        await asyncio.Queue().get()

    await waits_for_ever_and_more(waits_for_ever)


async def waits_for_ever_and_more(function) -> None:
    await asyncio.create_task(function())


# fails: after 60min of its own time
@pytest.mark.virtual_time(time_limit="1h")
async def test_a_test_that_never_ends_is_ended() -> None:
    while True:
        await asyncio.sleep(60)


# fails: needs the network
@pytest.mark.virtual_time
async def test_the_network_is_refused() -> None:
    import socket

    socket.create_connection(("localhost", 1))


# fails: assert 1 == 2
@pytest.mark.virtual_time(blocking="100ms")
async def test_a_failing_test_fails_as_usual() -> None:
    await asyncio.sleep(1)
    assert 1 == 2


# fails: suite.py:105: 7s: time.sleep(7)
@pytest.mark.virtual_time(blocking="100ms")
async def test_a_failure_mentions_the_blocking_call() -> None:
    async with asyncio.timeout(1):
        time.sleep(7)
        await asyncio.sleep(0.5)


# fails: asyncio.exceptions.CancelledError
@pytest.mark.virtual_time
async def test_a_cancelled_test_fails() -> None:
    asyncio.current_task().cancel()
    await asyncio.sleep(1)


@pytest.fixture
def seconds() -> int:
    return 60


# passes
@pytest.mark.virtual_time
@pytest.mark.parametrize("factor", [1, 2])
async def test_fixtures_and_parameters_are_given(seconds: int, factor: int, tmp_path) -> None:
    begin = asyncio.get_running_loop().time()
    await asyncio.sleep(seconds * factor)
    assert asyncio.get_running_loop().time() - begin == seconds * factor
    # Files are real.
    (tmp_path / "a.txt").write_text("1")
    assert (tmp_path / "a.txt").read_text() == "1"


# passes
@pytest.mark.virtual_time
def test_a_plain_function_has_the_clock_as_well() -> None:
    begin = time.time()
    time.sleep(3600)
    assert time.time() - begin == 3600


@pytest.mark.virtual_time
class TestClass:
    # passes
    async def test_a_method_takes_the_marker_of_its_class(self) -> None:
        begin = time.time()
        await asyncio.sleep(3600)
        assert time.time() - begin == 3600


# passes
def test_the_other_tests_have_real_time() -> None:
    assert abs(time.time() - datetime.datetime.now().timestamp()) < 60
    assert time.time() > 1_790_000_000
    assert isinstance(threading.Lock(), type(threading.Lock()))
    assert "loopscope" not in repr(sleep) + repr(time.sleep) + repr(threading.Thread.start)


# fails: write the limit by its name
@pytest.mark.virtual_time("100ms")
async def test_a_limit_without_its_name_is_refused() -> None:
    pass


# fails: is no duration
@pytest.mark.virtual_time(blocking="soon")
async def test_a_limit_that_is_none_is_refused() -> None:
    pass


class Plain(unittest.TestCase):
    # passes
    @loopscope.virtual_time(blocking="100ms")
    async def test_a_decorator_serves_unittest(self) -> None:
        begin = time.time()
        await asyncio.sleep(3600)
        self.assertEqual(time.time() - begin, 3600)

    # fails: write `@loopscope.virtual_time()`
    @pytest.mark.virtual_time
    def test_the_marker_does_not(self) -> None:
        pass
