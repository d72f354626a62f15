"""The pytest plugin: `@pytest.mark.virtual_time` runs a test on a virtual clock.

    @pytest.mark.virtual_time(blocking="100ms")
    async def test_retries():
        assert await fetch_with_retries() == 3

A test fails with the line if a line holds the event loop for longer than `blocking`, and if it
waits for something that never comes. The setting `virtual_time_blocking` is the limit of all tests
that have none of their own.
"""

import inspect
from typing import Any, NoReturn

import pytest

MARKER = "virtual_time"
SETTING = "virtual_time_blocking"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addini(SETTING, "How long a line may hold the event loop in tests on a virtual clock")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        f'{MARKER}(blocking="100ms", time_limit="24h"): run this test on a virtual clock; fail if '
        "a line holds the event loop for longer than `blocking`",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    __tracebackhide__ = True
    marker = pyfuncitem.get_closest_marker(MARKER)
    if marker is None:
        return None
    from .errors import VirtualTimeError

    virtual = _virtual_time(pyfuncitem, marker)
    names = pyfuncitem._fixtureinfo.argnames
    arguments = {name: pyfuncitem.funcargs[name] for name in names}
    words = None
    try:
        virtual.call(_function(pyfuncitem.obj), **arguments)
    except VirtualTimeError as error:
        words = str(error)
    if words is not None:
        _fail(words)
    return True


def _fail(words: str) -> NoReturn:
    # Not hidden: a failure whose frames are all hidden gets a line of pytest about them.
    pytest.fail(words, pytrace=False)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    # pytest calls the methods of `unittest` in another way.
    if item.get_closest_marker(MARKER) is not None and not _is_plain(item):
        pytest.fail(
            "the marker `virtual_time` is for functions and methods of pytest; on a method of "
            "`unittest` write `@loopscope.virtual_time()`",
            pytrace=False,
        )


def _is_plain(item: pytest.Item) -> bool:
    from _pytest.unittest import TestCaseFunction

    return isinstance(item, pytest.Function) and not isinstance(item, TestCaseFunction)


def _virtual_time(item: pytest.Function, marker: pytest.Mark) -> Any:
    from .testing import VirtualTime

    options = dict(marker.kwargs)
    options.setdefault("blocking", item.config.getini(SETTING) or None)
    if marker.args:
        pytest.fail('write the limit by its name: `virtual_time(blocking="100ms")`', pytrace=False)
    try:
        return VirtualTime(**options)
    except (TypeError, ValueError) as error:
        pytest.fail(f"the marker `virtual_time`: {error}", pytrace=False)


def _function(test: Any) -> Any:
    """The test itself. Plugins for asyncio wrap it into a function with a loop of their own."""
    inner: Any = getattr(test, "__wrapped__", None)
    if inspect.iscoroutinefunction(test) or not inspect.iscoroutinefunction(inner):
        return test
    return inner.__get__(test.__self__) if inspect.ismethod(test) else inner
