"""What is replaced in Python's modules while a program runs, and put back afterwards."""

import _thread
import asyncio
import asyncio.taskgroups
import asyncio.tasks
import builtins
import concurrent.futures
import concurrent.futures.thread
import contextlib
import datetime
import functools
import itertools
import os
import queue
import random
import sys
import threading
import time
import types
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from . import locks, threads
from .durations import MILLISECOND, SECOND, from_seconds
from .endings import Refused
from .machine import Machine, at
from .sources import Program
from .stand_ins.finder import BROWSER
from .watcher import Watcher

EPOCH_NS = 1_767_225_600 * SECOND
"""The time of day at which every run begins: 2026-01-01 00:00 UTC."""

FREE_READINGS = 1_000
"""Readings of the clock with nothing in between, after which each further one computes for 1 ms:
a loop such as `while time.time() < end: pass` then ends."""

_MISSING = object()


class Replacements:
    """Attributes that were set, with what they were before."""

    def __init__(self) -> None:
        self._before: list[tuple[Any, str, Any]] = []
        # The same of namespaces: dictionary, name, value.
        self._items: list[tuple[dict[str, Any], str, Any]] = []
        # By the `id` of what stood for it: both, so that the `id` stays its own.
        self._reals: dict[int, tuple[Any, Any]] = {}
        # Makes the module `datetime` of the run.
        self.dates: Callable[[], types.ModuleType] = lambda: datetime

    def set(self, owner: Any, name: str, value: Any) -> None:
        before = owner.__dict__.get(name, _MISSING)
        self._before.append((owner, name, before))
        setattr(owner, name, value)

    def set_item(self, space: dict[str, Any], name: str, value: Any) -> None:
        self._items.append((space, name, space[name]))
        space[name] = value

    def replaced(self) -> dict[int, Any]:
        """What stands for an object, by the `id` of the object, e.g. of the real `time.sleep`."""
        return {
            id(before): owner.__dict__[name]
            for owner, name, before in self._before
            # Not `False` or `None`, which every module has.
            if callable(before) and name in owner.__dict__
        }

    def undo(self) -> None:
        self._reals = {
            id(owner.__dict__[name]): (owner.__dict__[name], before)
            for owner, name, before in self._before
            if callable(before) and name in owner.__dict__
        }
        made = self.dates()
        for name in ("datetime", "date"):
            self._reals[id(getattr(made, name))] = (getattr(made, name), getattr(datetime, name))
        self._reals[id(made)] = (made, datetime)
        for owner, name, before in reversed(self._before):
            if before is _MISSING:
                with contextlib.suppress(AttributeError):
                    delattr(owner, name)
            else:
                setattr(owner, name, before)
        self._before.clear()
        for space, name, before in reversed(self._items):
            space[name] = before
        self._items.clear()

    def forget(self, spaces: Iterable[dict[str, Any]]) -> None:
        """After `undo`: names that were bound during the run, e.g. by `from time import sleep` in a
        module that was imported then, get what they would have without it."""
        for space in spaces:
            for name, value in list(space.items()):
                if id(value) in self._reals and not name.startswith("__"):
                    space[name] = self._reals[id(value)][1]


class Plain:
    """A callable that is no method when a class keeps it, as functions written in C are not:
    `class Formatter: converter = time.gmtime`."""

    __slots__ = ("_function", "__name__", "__qualname__")

    def __init__(self, name: str, function: Callable[..., Any]) -> None:
        self._function = function
        self.__name__ = self.__qualname__ = name

    def __call__(self, *args: Any, **options: Any) -> Any:
        return self._function(*args, **options)

    def __repr__(self) -> str:
        return f"<built-in function {self.__name__}>"


def on_this_thread(owner: Any, name: str, virtual: Callable[..., Any]) -> Callable[..., Any]:
    """What replaces a function: virtual on this real thread alone. The others of the process, e.g.
    those of a notebook, live in real time."""
    real = getattr(owner, name, None)
    if real is None:
        # A browser's Python has no `time.thread_time`, and no other threads.
        return virtual
    here, get_ident = _thread.get_ident(), _thread.get_ident

    def choose(*args: Any, **options: Any) -> Any:
        return (virtual if get_ident() == here else real)(*args, **options)

    return choose


@contextlib.contextmanager
def installed(
    machine: Machine,
    program: Program,
    workshop: threads.Workshop,
    new_loop: Callable[[], asyncio.AbstractEventLoop],
    changes_own_import: dict[str, Callable[[], types.ModuleType]],
) -> Iterator[Replacements]:
    """Python on the virtual clock, for the length of a `with` block.

    `changes_own_import` gives the modules that only the program's own imports get.
    """
    changes = Replacements()
    random_state = random.getstate()
    try:
        _time(changes, machine)
        _imports(changes, machine, program, workshop, changes_own_import)
        _threads(changes, machine, workshop)
        _asyncio(changes, new_loop, workshop.watcher)
        changes.set(os, "cpu_count", threads.cpu_count)
        if hasattr(os, "process_cpu_count"):
            changes.set(os, "process_cpu_count", threads.cpu_count)
        # Every run is the same; a program may still seed its own way.
        random.seed(1)
        yield changes
    finally:
        changes.undo()
        random.setstate(random_state)


def rebind(changes: Replacements, spaces: Iterable[dict[str, Any]]) -> None:
    """Names that were imported before the run, e.g. by `from time import sleep`, in these
    namespaces."""
    replaced = changes.replaced()
    dates = changes.dates()
    replaced |= {id(getattr(datetime, name)): getattr(dates, name) for name in ("datetime", "date")}
    replaced[id(datetime)] = dates
    for space in spaces:
        for name, value in list(space.items()):
            if id(value) in replaced and not name.startswith("__"):
                changes.set_item(space, name, replaced[id(value)])


def _time(changes: Replacements, machine: Machine) -> None:
    last: Any = None
    readings = 0

    def waits_by_reading() -> None:
        """Notices a loop such as `while time.time() < end: pass`; see `FREE_READINGS`."""
        nonlocal last, readings
        frame = sys._getframe(1)
        while frame.f_code.co_filename == __file__:
            frame = frame.f_back
        # The same reading again, with nothing in between.
        this = (machine.activity, frame.f_code, frame.f_lasti)
        if this != last:
            last = this
            readings = 0
        readings += 1
        if readings > FREE_READINGS and machine.stopped is None:
            machine.tick(MILLISECOND)

    def reading() -> int:
        """Nanoseconds since the beginning."""
        waits_by_reading()
        return machine.now()

    def computed() -> int:
        """CPU time of this thread; blocking is none."""
        waits_by_reading()
        return machine.current.computed_ns

    def sleep(seconds: float) -> None:
        if not any(hasattr(seconds, name) for name in ("__float__", "__index__")):
            # The words of the real one.
            kind = type(seconds).__name__
            raise TypeError(f"'{kind}' object cannot be interpreted as an integer")
        seconds = float(seconds)
        if seconds < 0:
            raise ValueError("sleep length must be non-negative")
        machine.hold("blocking", from_seconds(seconds))

    def set_plain(name: str, function: Callable[..., Any]) -> None:
        changes.set(time, name, Plain(name, on_this_thread(time, name, function)))

    set_plain("sleep", sleep)
    for name, of in [
        ("time", lambda: EPOCH_NS + reading()),
        ("monotonic", reading),
        ("perf_counter", reading),
        ("process_time", computed),
        ("thread_time", computed),
    ]:
        set_plain(name, lambda of=of: of() / SECOND)
        set_plain(f"{name}_ns", of)
    real_gmtime, real_localtime, real_strftime = time.gmtime, time.localtime, time.strftime

    def broken_down(real: Callable) -> Callable:
        return lambda seconds=None: real(time.time() if seconds is None else seconds)

    set_plain("gmtime", broken_down(real_gmtime))
    set_plain("localtime", broken_down(real_localtime))
    set_plain("strftime", lambda form, moment=None: real_strftime(form, moment or time.localtime()))
    changes.set(threading, "_time", time.monotonic)
    # So that the first thread of each run is `Thread-1`.
    changes.set(threading, "_counter", itertools.count(1).__next__)
    changes.set(queue, "time", time.monotonic)


def _imports(
    changes: Replacements,
    machine: Machine,
    program: Program,
    workshop: threads.Workshop,
    own_modules: dict[str, Callable[[], types.ModuleType]],
) -> None:
    """What the program's own `import` lines get. Libraries get the real modules: they compare
    the type of a date with the real class, and need real sockets to be imported at all."""
    real_import = builtins.__import__
    made: dict[str, types.ModuleType] = {}
    changes.dates = functools.cache(lambda: _dates_module(machine))
    makers = {"datetime": changes.dates, **own_modules}
    is_anyio_replaced = False

    def import_(
        name: str,
        globals: Any = None,
        locals: Any = None,
        fromlist: Any = (),
        level: int = 0,
    ) -> Any:
        nonlocal is_anyio_replaced
        is_own = globals and program.is_own(globals.get("__file__") or "")
        if is_own and not level and sys.platform == "emscripten":
            _refuse_browser(machine, name)
        is_made = is_own and not level and name in makers
        # A made module need not be installed; of `urllib.request` the package is needed.
        if not is_made:
            imported = real_import(name, globals, locals, fromlist, level)
        elif "." in name:
            try:
                imported = real_import(name, globals, locals, fromlist, level)
            except ModuleNotFoundError:
                # The page leaves it out; the package is there.
                outer, _, inner = name.partition(".")
                imported = real_import(outer)
                changes.set(imported, inner, made.setdefault(name, makers[name]()))
        if is_own and not is_anyio_replaced and "anyio" in sys.modules:
            from . import anyio_threads

            is_anyio_replaced = True
            anyio_threads.replace(changes, workshop)
        if not is_made:
            return imported
        if name not in made:
            made[name] = makers[name]()
        if "." in name and not fromlist:
            # `import urllib.request` binds `urllib`, which then has the made module.
            outer, _, inner = name.partition(".")
            package = types.ModuleType(outer)
            package.__dict__.update(vars(imported))
            setattr(package, inner, made[name])
            return package
        return made[name]

    changes.set(builtins, "__import__", import_)


def _refuse_browser(machine: Machine, name: str) -> None:
    if name.partition(".")[0] in BROWSER:
        words = (
            f"{at(machine.place_of_caller())}`import {name}` reaches the browser. "
            "A run gets no network, no storage and no page; leave the import out."
        )
        raise machine.stop(Refused(words))


def _dates_module(machine: Machine) -> types.ModuleType:
    class _LikeReal(type):
        """Dates made elsewhere count as instances, too."""

        def __instancecheck__(cls, instance: Any) -> bool:
            return isinstance(instance, cls.__mro__[1])

        def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
            """For pydantic, a field with this type is one with the real type."""
            return handler.generate_schema(cls.__mro__[1])

    class VirtualDatetime(datetime.datetime, metaclass=_LikeReal):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return cls.fromtimestamp((EPOCH_NS + machine.now()) / SECOND, tz)

        @classmethod
        def utcnow(cls) -> Any:
            moment = datetime.datetime.fromtimestamp(
                (EPOCH_NS + machine.now()) / SECOND, datetime.timezone.utc
            )
            return cls(*moment.timetuple()[:6], moment.microsecond)

        @classmethod
        def today(cls) -> Any:
            return cls.now()

    class VirtualDate(datetime.date, metaclass=_LikeReal):
        @classmethod
        def today(cls) -> Any:
            return cls.fromtimestamp((EPOCH_NS + machine.now()) // SECOND)

    module = types.ModuleType("datetime", datetime.__doc__)
    module.__dict__.update(vars(datetime))
    for name, stand_in in (("datetime", VirtualDatetime), ("date", VirtualDate)):
        stand_in.__name__ = stand_in.__qualname__ = name
        stand_in.__module__ = "datetime"
        setattr(module, name, stand_in)
    return module


def _threads(changes: Replacements, machine: Machine, workshop: threads.Workshop) -> None:
    thread_pool, process_pool = threads.pools(workshop)
    changes.set(concurrent.futures, "ThreadPoolExecutor", thread_pool)
    changes.set(concurrent.futures, "ProcessPoolExecutor", process_pool)
    changes.set(concurrent.futures.thread, "ThreadPoolExecutor", thread_pool)
    process = sys.modules.get("concurrent.futures.process")
    if process is not None:
        changes.set(process, "ProcessPoolExecutor", process_pool)
    functions = threads.thread_functions(workshop)

    def set_here(owner: Any, name: str, virtual: Any) -> None:
        changes.set(owner, name, on_this_thread(owner, name, virtual))

    for name, method in threads.thread_methods(workshop).items():
        if isinstance(method, property):
            changes.set(threading.Thread, name, method)
        else:
            set_here(threading.Thread, name, method)
    for name, function in functions.items():
        set_here(threading, name, function)
    set_here(threading, "currentThread", functions["current_thread"])
    owner, get_ident = _thread.get_ident(), _thread.get_ident
    real_lock, real_rlock = threading.Lock, threading.RLock

    class Lock(locks.VirtualLock):
        def __new__(cls) -> Any:
            return super().__new__(cls) if get_ident() == owner else real_lock()

        def __init__(self) -> None:
            super().__init__(machine)

    class RLock(locks.VirtualRLock):
        def __new__(cls) -> Any:
            return super().__new__(cls) if get_ident() == owner else real_rlock()

        def __init__(self) -> None:
            super().__init__(machine)

    changes.set(threading, "Lock", Lock)
    changes.set(threading, "RLock", RLock)
    for name, kind in (
        ("Semaphore", locks.VirtualSemaphore),
        ("BoundedSemaphore", locks.VirtualBoundedSemaphore),
        ("Event", locks.VirtualEvent),
    ):
        set_here(threading, name, functools.partial(kind, machine))
    set_here(threading.Condition, "wait", locks.condition_wait(machine))
    set_here(queue.Queue, "put", locks.queue_put(machine, queue.Queue.put))
    # `SimpleQueue.get` of C waits on a real lock, `Queue.get` on a condition.
    changes.set(queue, "SimpleQueue", queue.Queue)


class OrderedSet(set):
    """A set in the order of insertion.

    asyncio keeps tasks and coroutines in sets, whose order is that of addresses. In the order
    of creation, which is one of the possible ones, every run is the same.
    """

    def __init__(self, items: Any = ()) -> None:
        self._order = dict.fromkeys(items)
        super().__init__(self._order)

    def add(self, item: Any) -> None:
        self._order[item] = None
        super().add(item)

    def discard(self, item: Any) -> None:
        self._order.pop(item, None)
        super().discard(item)

    def remove(self, item: Any) -> None:
        super().remove(item)
        self._order.pop(item, None)

    def update(self, *others: Any) -> None:
        for other in others:
            for item in other:
                self.add(item)

    def clear(self) -> None:
        self._order.clear()
        super().clear()

    def pop(self) -> Any:
        for item in self._order:
            self.remove(item)
            return item
        raise KeyError("pop from an empty set")

    def __iter__(self) -> Iterator[Any]:
        # A name that in-place operators of `set` do not know may be out of date.
        return iter([item for item in self._order if item in self])


def _asyncio(changes: Replacements, new_loop: Callable[[], Any], watcher: Watcher) -> None:
    events = asyncio.events
    # `asyncio.run` and `Runner` call this one; `get_event_loop` asks the policy.
    for module in (events, asyncio):
        changes.set(module, "new_event_loop", on_this_thread(module, "new_event_loop", new_loop))
        changes.set(module, "set_event_loop_policy", lambda policy: None)
    policy_of = getattr(events, "_get_event_loop_policy", None) or events.get_event_loop_policy
    policy = policy_of()
    changes.set(policy, "new_event_loop", on_this_thread(policy, "new_event_loop", new_loop))
    # A program may make its loop itself.
    changes.set(asyncio, "SelectorEventLoop", lambda *selector: new_loop())
    changes.set(asyncio, "EventLoop", lambda *selector: new_loop())
    changes.set(asyncio.taskgroups, "set", OrderedSet)
    changes.set(asyncio.tasks, "set", OrderedSet)
    real_all_tasks = asyncio.all_tasks

    def all_tasks(loop: Any = None) -> set[asyncio.Task]:
        """`asyncio.run` cancels these at its end."""
        tasks = real_all_tasks(loop)
        known = [task for task in watcher.by_task if task in tasks]
        # An eager task is registered when its first step is over, after those that this created.
        known.sort(key=lambda task: watcher.by_task[task].number)
        return OrderedSet([*known, *tasks.difference(known)])

    for module in (asyncio.tasks, asyncio):
        changes.set(module, "all_tasks", all_tasks)
