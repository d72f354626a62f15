"""The objects that stand for everything a missing library gives.

A stand-in can be called, awaited, entered, iterated, subscripted and compared. Its path says
what it stands for, e.g. `requests.get` for the response; a call takes the usual time of that
path, or what a comment on its line says. Whatever it returns is harmless and shows what it is.
"""

import asyncio
import inspect
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from typing import Any

from ..durations import SECOND
from .table import look_up

ITEMS = 3
"""How many items an iteration over a stand-in gives."""

KNOWN_VALUES: dict[str, Any] = {
    "status_code": 200,
    "status": 200,
    "ok": True,
    "returncode": 0,
    "rowcount": 1,
    "is_success": True,
}
"""Attributes on which programs decide."""

PAIRS: dict[str, tuple[str, str]] = {
    "asyncio.open_connection": ("asyncio.StreamReader", "asyncio.StreamWriter"),
    "asyncio.create_subprocess_exec.communicate": ("asyncio.stdout", "asyncio.stderr"),
    "asyncio.create_subprocess_shell.communicate": ("asyncio.stdout", "asyncio.stderr"),
    "subprocess.Popen.communicate": ("subprocess.stdout", "subprocess.stderr"),
}
"""Calls whose results programs unpack, with the paths of both."""

_ERROR_ENDINGS = ("Error", "Exception", "Timeout", "Warning", "Failure", "Refused", "NotFound")


class Context:
    """What stand-ins need of the run. One run at a time."""

    hold: Callable[[str, int], None] | None = None
    comment: Callable[[], int | None] = staticmethod(lambda: None)
    #: Called with the path, `await`, `block` or `cpu`, and nanoseconds.
    assume: Callable[[str, str, int], None] = staticmethod(lambda path, manner, ns: None)


def _spend(path: str) -> None:
    """A call that holds its thread."""
    manner, length = look_up(path)
    if manner in ("block", "cpu"):
        told = Context.comment()
        if told is None:
            Context.assume(path, manner, length)
        length = length if told is None else told
        if Context.hold is not None:
            Context.hold("blocking" if manner == "block" else "running", length)


class StandIn:
    """Stands for a module, a class, a function or a value of a library."""

    def __init__(self, path: str, awaits: tuple[str, int] | None = None) -> None:
        self.__dict__["_path"] = path
        # What awaiting this object takes: a call that has not been awaited yet.
        self.__dict__["_awaits"] = awaits

    # Attributes

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        if name in KNOWN_VALUES:
            return KNOWN_VALUES[name]
        child = child_of(self._path, name)
        self.__dict__[name] = child
        return child

    def __setattr__(self, name: str, value: Any) -> None:
        self.__dict__[name] = value

    # Calls

    def __call__(self, *args: Any, **options: Any) -> Any:
        if len(args) == 1 and not options and inspect.isfunction(args[0]):
            # A decorator, e.g. `@retry`: the function stays as it is.
            return args[0]
        manner, length = look_up(self._path)
        if manner == "await":
            told = Context.comment()
            if told is None:
                Context.assume(self._path, manner, length)
            return StandIn(self._path, (self._path, length if told is None else told))
        _spend(self._path)
        return result_of(self._path)

    def __await__(self) -> Generator[Any, None, Any]:
        awaits = self.__dict__["_awaits"]
        self.__dict__["_awaits"] = None
        if awaits is not None:
            yield from asyncio.sleep(awaits[1] / SECOND).__await__()
        else:
            yield from asyncio.sleep(0).__await__()
        return result_of(self._path)

    # Blocks

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *exception: Any) -> None:
        return None

    async def __aenter__(self) -> Any:
        # `async with session.get(url)`: entering makes the request.
        if self.__dict__["_awaits"] is not None:
            return await self
        return self

    async def __aexit__(self, *exception: Any) -> None:
        return None

    # Contents

    def __iter__(self) -> Iterator[Any]:
        return iter([StandIn(f"{self._path}") for _ in range(ITEMS)])

    async def __aiter__(self) -> AsyncIterator[Any]:
        if self.__dict__["_awaits"] is not None:
            await self
        for _ in range(ITEMS):
            yield StandIn(self._path)

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, int) and key >= ITEMS:
            raise IndexError(f"{self!r} has {ITEMS} items")
        return StandIn(self._path)

    def __setitem__(self, key: Any, value: Any) -> None:
        return None

    def __delitem__(self, key: Any) -> None:
        return None

    def __contains__(self, item: Any) -> bool:
        return False

    def __len__(self) -> int:
        return ITEMS

    def __bool__(self) -> bool:
        return True

    # Values

    def __repr__(self) -> str:
        return f"<stand-in for {self._path}>"

    def __str__(self) -> str:
        return f"<stand-in for {self._path}>"

    def __format__(self, form: str) -> str:
        # Any format is accepted; a stand-in is no number to be rounded.
        return str(self)

    def __bytes__(self) -> bytes:
        return str(self).encode()

    def __int__(self) -> int:
        return 1

    def __index__(self) -> int:
        return 1

    def __float__(self) -> float:
        return 1.0

    def __hash__(self) -> int:
        return id(self)

    def __eq__(self, other: Any) -> Any:
        return self is other

    def __lt__(self, other: Any) -> bool:
        return False

    def __gt__(self, other: Any) -> bool:
        return False

    def __le__(self, other: Any) -> bool:
        return True

    def __ge__(self, other: Any) -> bool:
        return True

    def _same(self, *others: Any) -> Any:
        return StandIn(self._path)

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _same
    __truediv__ = __rtruediv__ = __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = _same
    __and__ = __rand__ = __or__ = __ror__ = __xor__ = __rxor__ = __invert__ = _same
    __neg__ = __pos__ = __abs__ = __matmul__ = __rmatmul__ = __pow__ = __rpow__ = _same
    __lshift__ = __rshift__ = __rlshift__ = __rrshift__ = _same

    # Base classes

    def __mro_entries__(self, bases: tuple) -> tuple[type, ...]:
        """`class User(Base)`: a class of its own, whose objects take any arguments."""
        return (StandInBase,)


class StandInBase:
    """The base of a program's classes that derive from a stand-in."""

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__()

    def __init__(self, *args: Any, **options: Any) -> None:
        for name, value in options.items():
            setattr(self, name, value)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return StandIn(f"{type(self).__name__}.{name}")


def result_of(path: str) -> Any:
    """What a call of a stand-in gives."""
    if path not in PAIRS:
        return StandIn(path)
    return tuple(StandIn(part) for part in PAIRS[path])


def child_of(path: str, name: str) -> Any:
    """An attribute of a stand-in. Names of errors are classes that can be caught."""
    if name.endswith(_ERROR_ENDINGS) and name[:1].isupper():
        return type(name, (Exception,), {"__module__": path})
    return StandIn(f"{path}.{name}")
