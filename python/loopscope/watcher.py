"""The watcher: records every state change of the tasks of a program, with the line.

It wraps `asyncio.events.Handle`, of which each step of each task is one, and the loop's
`create_task`. It knows nothing of the virtual clock: `now_ns` may as well be
`time.monotonic_ns`, and then `every_step` records when each step begins, which on a virtual
clock takes no time and is left out.

A record is `(nanoseconds, instance, state, lane, place, cause)`; an instance and a lane are
numbers, -1 means none. The states are those of docs/trace-format.md.
"""

import _thread
import asyncio
import asyncio.events
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from operator import itemgetter
from types import BuiltinFunctionType, MethodType
from typing import Any

from .codes import KnownCodes
from .sources import Place, Program
from .waits import Waits

LOOP_LANE = 0

_OWN_FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "")

Record = tuple[int, int, str, int, Place | None, int]

TERMINAL = ("done", "failed", "cancelled")

_HIDDEN = (".shutdown_asyncgens", ".shutdown_default_executor")
"""Tasks that `asyncio.run` makes at its end."""


class Instance:
    """One run of a coroutine function as a task, or of a function on a thread."""

    __slots__ = ("number", "name", "parent", "role", "state", "place", "outcome", "hidden")

    def __init__(self, number: int, name: str, parent: int, role: str, place: Place | None) -> None:
        self.number = number
        self.name = name
        self.parent = parent
        self.role = role
        self.state = "ready"
        self.place = place
        self.outcome: str | None = None
        # A task of asyncio's own, which no chart shows.
        self.hidden = False


class Watcher:
    """Records of one run."""

    def __init__(
        self, program: Program, now_ns: Callable[[], int], every_step: bool = False
    ) -> None:
        self.program = program
        self.now_ns = now_ns
        self.every_step = every_step
        self.known = KnownCodes(program.owns)
        self.waits = Waits(self.known)
        self.instances: list[Instance] = []
        self.records: list[Record] = []
        self.lanes: list[str] = ["loop"]
        self.by_task: dict[asyncio.Task, Instance] = {}
        # The coroutine of the eager task whose first step runs, before there is a task.
        self.starting: tuple[Any, Instance] | None = None
        # What the loop's `create_task` returned last.
        self.created: Instance | None = None
        # The instance whose code runs, -1 for none; what it wakes is caused by it.
        self.current = -1
        # While a timer's callback runs: when it was due. What it wakes was ready since then,
        # although the loop came to it later.
        self.due_ns: int | None = None
        self.steps = 0
        # What a task is called.
        self.name_of: Callable[[Any], str] = name_of
        # Called after each step, e.g. to count computing or to notice a limit.
        self.after_step: Callable[[Any], None] | None = None
        self.steps_max = sys.maxsize
        self.on_too_many_steps: Callable[[], None] = lambda: None
        # What runs outside of tasks: the module's own lines, and callbacks.
        self.module = self.new_instance("program", -1, "arrived", None)

    # Records

    def new_instance(self, name: str, parent: int, role: str, place: Place | None) -> Instance:
        instance = Instance(len(self.instances), name, parent, role, place)
        self.instances.append(instance)
        return instance

    def new_lane(self, kind: str) -> int:
        self.lanes.append(kind)
        return len(self.lanes) - 1

    def add(self, instance: Instance, state: str, lane: int, place: Place | None) -> None:
        """The instance enters a state now. The running instance is the cause of a wake-up."""
        if place is not None:
            instance.place = place
        instance.state = state
        if state in TERMINAL:
            instance.outcome = state
        cause = self.current if state == "ready" else -1
        self.records.append((self.now_ns(), instance.number, state, lane, instance.place, cause))

    def mark(self, state: str, place: Place | None) -> Record:
        """The running instance did something that leaves its state as it is, e.g. print."""
        who = self.running()
        record = (self.now_ns(), who.number, state, -1, place or who.place, -1)
        self.records.append(record)
        return record

    def running(self) -> Instance:
        return self.instances[self.current] if self.current >= 0 else self.module

    # Tasks

    def register(self, task: asyncio.Task) -> Instance:
        """A task that was just created, or that is met for the first time."""
        instance = self.by_task[task] = self.register_coroutine(task.get_coro())
        return instance

    def register_coroutine(self, coroutine: Any) -> Instance:
        role, place = self._creation()
        parent = self.current
        if parent < 0:
            role = "arrived"
        name = self.name_of(coroutine)
        instance = self.new_instance(name, parent, role, place)
        if name.endswith(_HIDDEN) or _is_ours(coroutine):
            instance.hidden = True
        if place is None:
            instance.place = place_of_definition(coroutine)
        self.records.append((self.now_ns(), instance.number, "ready", -1, instance.place, parent))
        return instance

    def _creation(self) -> tuple[str, Place | None]:
        """How and at which line the program makes the task that is registered."""
        role = "spawned"
        known = self.known
        frame = sys._getframe(2)
        while frame is not None:
            code = frame.f_code
            found = known.get(id(code)) or known.of(code)
            if found.is_own:
                return role, found.place(frame)
            role = found.role or role
            frame = frame.f_back
        return role, None

    def watch_loop(self, loop: asyncio.AbstractEventLoop) -> None:
        """Registers the tasks that this loop creates."""
        create = loop.create_task

        def create_task(coroutine: Any, **options: Any) -> asyncio.Task:
            if _starts_eagerly(loop, options) and asyncio.iscoroutine(coroutine):
                return self._create_eagerly(create, coroutine, options)
            task = create(coroutine, **options)
            if task not in self.by_task and not task.done():
                self.register(task)
                if isinstance(task, asyncio.Task) and getattr(task, "_fut_waiter", None):
                    # A factory of the program's own has made an eager task.
                    self.stopped(task, self.by_task[task])
            self.created = self.by_task.get(task)
            return task

        loop.create_task = create_task

    def _create_eagerly(
        self, create: Callable[..., Any], coroutine: Any, options: dict[str, Any]
    ) -> asyncio.Task:
        """Creates a task whose first step runs inside `create`, and so inside another step."""
        if self.after_step is not None:
            # What the creator has computed is its own.
            self.after_step(None)
        creator = self.running()
        instance = self.register_coroutine(coroutine)
        self._set_aside(creator)
        instance.state = "stepping"
        if self.every_step:
            self.add(instance, "running", LOOP_LANE, None)
        previous, self.current = self.current, instance.number
        outer, self.starting = self.starting, (coroutine, instance)
        try:
            task = create(coroutine, **options)
            if self.after_step is not None:
                self.after_step(task)
        except BaseException:
            self.add(instance, "failed", -1, None)
            raise
        finally:
            self.current, self.starting = previous, outer
            if self.every_step and previous >= 0:
                self.add(creator, "running", LOOP_LANE, None)
                creator.state = "stepping"
        self.by_task[task] = self.created = instance
        self.stopped(task, instance)
        return task

    def _set_aside(self, creator: Instance) -> None:
        """The instance is in a step, but another one is about to run inside it."""
        if self.every_step or creator.state in ("running", "blocking"):
            self.add(creator, "ready", -1, None)
            creator.state = "stepping"

    def stopped(self, task: asyncio.Task, instance: Instance) -> None:
        """A step of the task is over."""
        if task.done():
            del self.by_task[task]
            if task.cancelled():
                state = "cancelled"
            else:
                # `_exception` is there while `exception()` would count as retrieved.
                state = "failed" if task._exception is not None else "done"
            instance.outcome = instance.state = state
            self.records.append((self.now_ns(), instance.number, state, -1, instance.place, -1))
        elif instance.state != "ready":
            state, place = self.waits.of(task)
            if place is not None:
                instance.place = place
            instance.state = state
            self.records.append((self.now_ns(), instance.number, state, -1, instance.place, -1))

    def in_order(self) -> list[Record]:
        """The records by time; those of one instant in the order in which they happened."""
        return sorted(self.records, key=itemgetter(0))

    def finish_module(self, at_ns: int, failed: bool) -> None:
        """The end of the module's own lines, if they took part in the run, or were all of it."""
        has_records = self.module.number in map(itemgetter(1), self.records)
        if has_records or all(instance.hidden for instance in self.instances[1:]):
            state = "failed" if failed else "done"
            self.module.outcome = state
            self.records.append((at_ns, self.module.number, state, -1, self.module.place, -1))

    def freeze(self) -> Callable[[], None]:
        """Remembers how everything is. The function that it returns restores that."""
        count, instance_count = len(self.records), len(self.instances)
        states = [(i, i.state, i.place, i.outcome) for i in self.instances if i.outcome is None]

        def restore() -> None:
            del self.records[count:]
            del self.instances[instance_count:]
            for instance, state, place, outcome in states:
                instance.state, instance.place, instance.outcome = state, place, outcome

        return restore

    def unfinished(self) -> list[Instance]:
        return list(self.by_task.values())

    @contextmanager
    def watching(self) -> Iterator[None]:
        """While this lasts, every handle of every loop is watched."""
        events = asyncio.events
        original = events.Handle
        events.Handle = asyncio.Handle = _handle_class(self, original)
        try:
            yield
        finally:
            events.Handle = asyncio.Handle = original


def _handle_class(watcher: Watcher, original: type) -> type:
    """A `Handle` that records when it was made and when it was run.

    Its methods run for every step, so what they need are local variables, and the step of a task
    takes the shortest way.
    """
    init, run_handle = original.__init__, original._run
    by_task, records = watcher.by_task, watcher.records
    now_ns, stopped = watcher.now_ns, watcher.stopped
    register, every_step = watcher.register, watcher.every_step
    step_type = _step_type()
    get_ident, thread = _thread.get_ident, _thread.get_ident()

    class WatchedHandle(original):
        # The task whose step it is; None for other callbacks.
        __slots__ = ("_task",)

        def __init__(self, callback: Any, args: Any, loop: Any, context: Any = None) -> None:
            init(self, callback, args, loop, context)
            kind = type(callback)
            if kind is step_type:
                task = callback.__self__
            elif kind is BuiltinFunctionType:
                task = callback.__self__ if callback.__name__ == "task_wakeup" else None
            else:
                task = _task_of_python(callback)
            self._task = task
            if task is None:
                return
            instance = by_task.get(task)
            if instance is None and watcher.starting is not None:
                coroutine, starting = watcher.starting
                if task.get_coro() is coroutine:
                    instance = by_task[task] = starting
            if instance is not None and instance.state != "ready":
                instance.state = "ready"
                at_ns = now_ns()
                if watcher.due_ns is not None and watcher.due_ns < at_ns:
                    at_ns = watcher.due_ns
                records.append(
                    (at_ns, instance.number, "ready", -1, instance.place, watcher.current)
                )

        def _run(self) -> None:
            watcher.steps += 1
            if watcher.steps > watcher.steps_max:
                watcher.on_too_many_steps()
            task = self._task
            if task is None:
                run_handle(self)
                if watcher.after_step is not None:
                    watcher.after_step(None)
                return
            instance = by_task.get(task)
            if instance is None:
                if get_ident() != thread:
                    # Another thread's loop, e.g. of a notebook.
                    return run_handle(self)
                # Made by hand, not by `create_task`.
                instance = register(task)
            instance.state = "stepping"
            previous, watcher.current = watcher.current, instance.number
            if every_step:
                records.append(
                    (now_ns(), instance.number, "running", LOOP_LANE, instance.place, -1)
                )
            try:
                # As `Handle._run`, without its handler of exceptions: a task keeps its own.
                self._context.run(self._callback, *self._args)
                if watcher.after_step is not None:
                    watcher.after_step(task)
            finally:
                stopped(task, instance)
                watcher.current = previous

    WatchedHandle.__name__ = WatchedHandle.__qualname__ = "Handle"
    return WatchedHandle


def _starts_eagerly(loop: asyncio.AbstractEventLoop, options: dict[str, Any]) -> bool:
    """Whether a task that the loop creates takes its first step at once."""
    eager_factory = getattr(asyncio, "eager_task_factory", None)
    if eager_factory is None or not loop.is_running():
        return False
    if "eager_start" in options:
        return bool(options["eager_start"])
    factory = loop.get_task_factory()
    # All factories that `create_eager_task_factory` makes have one code object.
    return getattr(factory, "__code__", None) is eager_factory.__code__


def _task_of_python(callback: Any) -> Any:
    """The task if the callback is a step of one that is written in Python, not in C."""
    if type(callback) is MethodType and isinstance(callback.__self__, asyncio.Task):
        if callback.__name__.endswith(("__step", "__wakeup")):
            return callback.__self__
    return None


def _step_type() -> type | None:
    """The type of the callback with which C tasks ask for a step. It has no public name."""
    seen: list[type] = []

    class Catcher:
        def call_soon(self, callback: Any, *args: Any, context: Any = None) -> None:
            seen.append(type(callback))

        def get_debug(self) -> bool:
            return False

    async def nothing() -> None:
        pass

    coroutine = nothing()
    try:
        # A name of its own, so that the program's first task is `Task-1`.
        task = asyncio.Task(coroutine, loop=Catcher(), name="")
        task._log_destroy_pending = False
        asyncio.tasks._unregister_task(task)
    finally:
        coroutine.close()
    return None if seen[0] is MethodType else seen[0]


def name_of(coroutine: Any) -> str:
    """The function's name, e.g. `fetch`, or `Client.fetch` for a method."""
    name = getattr(coroutine, "__qualname__", None) or type(coroutine).__name__
    return name.rpartition("<locals>.")[2]


def _is_ours(coroutine: Any) -> bool:
    """Whether it is a coroutine of this package, e.g. the one that sends requests."""
    code = getattr(coroutine, "cr_code", None)
    return code is not None and code.co_filename.startswith(_OWN_FOLDER)


def place_of_definition(coroutine: Any) -> Place | None:
    code = getattr(coroutine, "cr_code", None)
    return None if code is None else (code.co_filename, code.co_firstlineno)
