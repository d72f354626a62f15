"""Runs one program on the virtual clock, in this process; `command.py` does it in another."""

import asyncio
import contextlib
import functools
import gc
import linecache
import os
import sys
import time
import types
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from . import asgi, computing, outside, patches, processes, sources, threads
from .durations import SECOND, WEEK
from .endings import Deadlock, LimitReached, Stop
from .limits import Limits, bounded
from .loop import VirtualLoop
from .machine import Machine
from .output import Output, Stream
from .problems import Problem, problem_of
from .result import Assumed, Run
from .stand_ins import celery, finder, objects
from .watcher import Watcher

EXIT_LIMIT = 4
EXIT_INVALID = 3
"""The program is no Python, so nothing of it ran."""

GC_THRESHOLD = 100_000
"""Objects between two looks of the garbage collector at the youngest ones."""


@dataclass
class Options:
    """How a program is run."""

    limits: Limits = field(default_factory=Limits)
    #: Requests for the program's app, e.g. `100 GET /ping every 10ms`.
    requests: list[str] = field(default_factory=list)
    #: Libraries to replace although they are installed.
    stand_ins: list[str] = field(default_factory=list)
    #: Whether computing takes the time that it takes on this machine.
    count_computing: bool = False
    #: Answers to `input()`.
    input: list[str] = field(default_factory=list)
    #: `sys.argv[1:]` of the program.
    arguments: list[str] = field(default_factory=list)
    cores: int = threads.CORES
    #: Whether messages name options of the command line.
    has_command_line: bool = True
    on_line: Callable[[int, str, str], None] | None = None


def run_file(filename: str, options: Options | None = None) -> Run:
    """Runs a file. Raises OSError if it cannot be read."""
    with open(filename, "rb") as file:
        return run_source(file.read(), filename, options)


def run_source(source: bytes | str, filename: str, options: Options | None = None) -> Run:
    """Runs a program's text."""
    syntax_error = None
    if isinstance(source, bytes):
        try:
            source = sources.decode(source)
        except SyntaxError as error:
            source, syntax_error = "", error
            error.filename = filename
    runner = Runner(sources.Program(filename, source), options or Options())
    runner.syntax_error = syntax_error
    return runner.run()


class Runner:
    """One run: its machine, its watcher, and Python's modules as the run sees them."""

    def __init__(self, program: sources.Program, options: Options) -> None:
        self.options = options
        self.limits = options.limits
        self.syntax_error: SyntaxError | ValueError | None = None
        self.program = program
        self.machine = Machine(options.cores, min(self.limits.time_ns, WEEK))
        self.watcher = Watcher(self.program, self.machine.now)
        self.output = Output(self.machine, self.watcher, self.limits.output)
        self.output.on_line = options.on_line
        self.workshop = threads.Workshop(self.machine, self.watcher)
        self.result = Run(self.program, self.watcher, self.output)
        self.loops: list[VirtualLoop] = []
        self.exit_calls = outside.ExitCalls(program)
        self.restore: Callable[[], None] = lambda: None
        self._connect()

    def _connect(self) -> None:
        """Machine, watcher and program do not know each other; these are their contacts."""
        machine, watcher, program = self.machine, self.watcher, self.program
        program.barriers.add(id(Machine._execute.__code__))
        machine.place_of_caller = program.place
        if not self.options.has_command_line:
            machine.time_hint = ""

        def observe(thread: Any, state: str, place: Any) -> None:
            instance = thread.instance
            if thread is machine.main:
                instance = watcher.running()
            if instance is not None:
                watcher.add(instance, state, thread.lane, place)

        def enter(instance: Any) -> Any:
            loop = asyncio._get_running_loop()
            task = None
            if loop is not None:
                # Code on a thread sees no running loop and no current task.
                task = asyncio.current_task(loop)
                if task is not None:
                    asyncio.tasks._leave_task(loop, task)
                asyncio._set_running_loop(None)
            before, watcher.current = watcher.current, -1 if instance is None else instance.number
            return loop, task, before

        def leave(token: Any) -> None:
            loop, task, watcher.current = token
            asyncio._set_running_loop(loop)
            if task is not None:
                asyncio.tasks._enter_task(loop, task)

        def went_on() -> None:
            # Outside of tasks: `asyncio.run` may follow, which waits for its task.
            if watcher.current < 0:
                watcher.add(watcher.module, "waiting_task", -1, None)

        machine.went_on = went_on
        machine.on_stop = self._on_stop
        machine.observe, machine.enter, machine.leave = observe, enter, leave
        watcher.steps_max = self.limits.steps

        def too_many_steps() -> None:
            words = (
                f"the program takes more than {self.limits.steps:,} steps, the limit; "
                "it may turn in place, e.g. with `await asyncio.sleep(0)` in a loop"
            )
            raise machine.stop(LimitReached(words))

        watcher.on_too_many_steps = too_many_steps
        if self.options.count_computing:
            self.result.is_exact = False
            machine.measure = computing.stopwatch()

            def charge(task: Any) -> None:
                # Where the step stopped; the lines before it computed.
                place = None if task is None or task.done() else watcher.waits.of(task)[1]
                machine.charge(place)

            watcher.after_step = charge

    # The run

    def run(self) -> Run:
        with self.on_virtual_clock():
            self._run_program()
        return self.result

    @contextlib.contextmanager
    def on_virtual_clock(self) -> Iterator[None]:
        """Python on the virtual clock, for the length of a `with` block. Afterwards the result is
        complete."""
        # Pyodide's own loop runs while the page calls this, and that of a notebook.
        outer_loop = asyncio._get_running_loop()
        outer_task = None if outer_loop is None else asyncio.current_task(outer_loop)
        if outer_task is not None:
            asyncio.tasks._leave_task(outer_loop, outer_task)
        asyncio._set_running_loop(None)
        computing.active = self.machine
        # Records are many objects without cycles; looking through them again and again would
        # take a third of a run of 10,000 tasks.
        thresholds = gc.get_threshold()
        gc.set_threshold(GC_THRESHOLD, 20, 100)
        try:
            with (
                patches.installed(
                    self.machine, self.program, self.workshop, self._new_loop, self._own_modules()
                ) as changes,
                self._stand_ins(changes),
            ):
                self._replace_surroundings(changes)
                with self.watcher.watching(), self._bounded():
                    yield
        except Stop as stop:
            # A limit that was noticed between two parts of the program.
            self._stopped(self.machine.stop(stop))
        finally:
            gc.set_threshold(*thresholds)
            computing.active = None
            asyncio._set_running_loop(outer_loop)
            if outer_task is not None:
                asyncio.tasks._enter_task(outer_loop, outer_task)
        self.restore()
        self.watcher.finish_module(self.result.total_ns, self.result.ending == "error")

    def _bounded(self) -> contextlib.AbstractContextManager[None]:
        return bounded(self.limits, self.machine)

    def _collect(self) -> None:
        """Frees the tasks of a stopped run while nothing that they do is seen or heard; later
        they would complain in another run."""
        if self.machine.stopped is not None and self.result.ending != "finished":
            self.machine.stopped.__traceback__ = None
            warnings.simplefilter("ignore")
            gc.collect()

    def _new_loop(self) -> VirtualLoop:
        loop = VirtualLoop(self.machine, self.watcher)
        loop.set_exception_handler(self._on_loop_error)
        self.loops.append(loop)
        return loop

    def _replace_surroundings(self, changes: patches.Replacements) -> None:
        """What the program sees of this process and of the world outside."""
        self._replace_streams(changes)
        outside.shut(
            changes,
            self.machine,
            self.program,
            self.options.input,
            self._note,
            self.options.has_command_line,
        )

    def _replace_streams(self, changes: patches.Replacements) -> None:
        changes.set(sys, "stdout", Stream(self.output, "stdout"))
        changes.set(sys, "stderr", Stream(self.output, "stderr"))
        changes.set(sys, "argv", [self.program.filename, *self.options.arguments])
        self.exit_calls.collect(changes)
        changes.set(sys, "unraisablehook", lambda unraisable: None)
        if self.program.folder:
            # As `python program.py` has it: the folder without a slash at its end.
            changes.set(sys, "path", [os.path.dirname(self.program.folder), *sys.path])

    def _run_program(self) -> None:
        module = self._module()
        before = sys.modules.get("__main__")
        sys.modules["__main__"] = module
        # Modules of the program that stay would keep its state into the next run.
        loaded = set(sys.modules)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("default")
                warnings.showwarning = self._on_warning
                self._steps(module)
                if self.machine.stopped is None:
                    self._leave()
                self._close()
                self._collect()
        finally:
            if before is not None:
                sys.modules["__main__"] = before
            for name in set(sys.modules) - loaded:
                file = getattr(sys.modules[name], "__file__", None)
                if file and self.program.is_own(file):
                    del sys.modules[name]

    def _steps(self, module: types.ModuleType) -> None:
        try:
            code = self._code()
            if code is None:
                return
            exec(code, module.__dict__)
            self._call_app(module)
            self.machine.run_to_end()
            # A failed task in a cycle with its traceback reports its error when it is freed.
            gc.collect()
            if self.machine.stopped is not None:
                # The program caught the reason and went on.
                self._stopped(self.machine.stopped)
        except Stop as stop:
            self._stopped(self.machine.stopped or stop)
        except SystemExit as error:
            self._exited(error)
        except BaseException as error:
            if self.machine.stopped is not None:
                # The program turned the reason into an exception of its own.
                self._stopped(self.machine.stopped)
            else:
                self.result.ending = "error"
                self.result.exit_code = 1
                self.result.problems.append(problem_of(error, self.program))

    def _code(self) -> types.CodeType | None:
        """The compiled program; None if it is no Python."""
        try:
            if self.syntax_error is not None:
                raise self.syntax_error
            return self._compile()
        except (SyntaxError, ValueError) as error:
            self.result.ending, self.result.exit_code = "error", EXIT_INVALID
            self.result.problems.append(problem_of(error, self.program))
            return None

    def _leave(self) -> None:
        """Calls what the program registered by `atexit`, the last first."""
        while self.machine.stopped is None and (call := self.exit_calls.next()):
            try:
                call()
            except Stop as stop:
                self._stopped(self.machine.stopped or stop)
            except BaseException as error:
                # Python reports it and goes on.
                self.result.problems.append(problem_of(error, self.program))

    # Libraries

    def _own_modules(self) -> dict[str, Callable[[], types.ModuleType]]:
        """Modules that only the program's own imports get."""
        makers: dict[str, Callable[[], types.ModuleType]] = {}
        for name in finder.OUTSIDE:
            makers[name] = functools.partial(finder.module, name)
        makers["uvloop"] = finder.loop_module
        makers["uvicorn"] = functools.partial(finder.server_module, "uvicorn")
        makers["multiprocessing"] = functools.partial(processes.module, self.workshop)
        return makers

    @contextlib.contextmanager
    def _stand_ins(self, changes: patches.Replacements) -> Iterator[None]:
        machine, program = self.machine, self.program

        def length_of_line() -> int | None:
            return program.length_at(program.place())

        def assume(path: str, manner: str, ns: int) -> None:
            assumed = Assumed(program.place(), path, manner, ns)
            if assumed not in self.result.assumed:
                self.result.assumed.append(assumed)
                length = f"{manner} {ns / SECOND:g} s"
                self._note(assumed.place, f"`{path}` is a stand-in: {length} is assumed")

        context = objects.Context
        changes.set(context, "hold", machine.hold)
        changes.set(context, "comment", length_of_line)
        changes.set(context, "assume", assume)
        for name in ("open_connection", "create_subprocess_exec", "create_subprocess_shell"):
            changes.set(asyncio, name, objects.StandIn(f"asyncio.{name}"))
        celery.reset(lambda size: processes.job_pool(self.workshop, size))
        libraries = finder.StandIns(self.options.stand_ins)
        libraries.install()
        try:
            yield
        finally:
            libraries.remove()
            celery.reset(None)

    def _call_app(self, module: types.ModuleType) -> None:
        """Sends requests to the program's app, if it has one."""
        told: list[tuple[sources.Place | None, str]]
        told = [(None, text) for text in self.options.requests]
        for line, text in asgi.loads_of(self.program):
            told.append(((self.program.filename, line), text))
        app = asgi.find_app(module.__dict__)
        if app is None:
            if told:
                self._note(None, "there are requests, but no ASGI app in the program")
            return
        if not told:
            defaults = asgi.default_loads(app)
            told = [(None, text) for text in defaults]
            routes = ", ".join(load.removeprefix("1 ") for load in defaults) or "none"
            option = ', or `--requests "100 GET /path"`' if self.options.has_command_line else ""
            self._note(
                None,
                f"the app got one request for each route ({routes}); "
                f"more with `# run 100 GET /path` in the program{option}",
            )
        self._send(app, told)

    def _send(self, app: Any, told: list[tuple[sources.Place | None, str]]) -> None:
        """Sends requests to an app."""
        loads = []
        for place, text in told:
            try:
                loads.append(asgi.parse_load(text))
            except ValueError as error:
                self.result.ending, self.result.exit_code = "error", 1
                self.result.problems.append(Problem("ValueError", str(error), place))
                return
        client = asgi.Client(app, self.machine, self.watcher)
        self.result.responses = client.responses
        asyncio.run(client.run(loads))

    def _module(self) -> types.ModuleType:
        program = self.program
        module = types.ModuleType("__main__")
        # Absolute, as `python program.py` has it.
        module.__file__ = os.path.abspath(program.filename) if program.folder else program.filename
        module.__dict__[computing.NAME] = computing.cpu_ns
        lines = program.source.splitlines(True)
        linecache.cache[program.filename] = (len(program.source), None, lines, program.filename)
        return module

    def _compile(self) -> types.CodeType:
        lines = self.program.cpu_lines()
        if not lines:
            return compile(self.program.source, self.program.filename, "exec", dont_inherit=True)
        import ast

        tree = computing.with_computing(ast.parse(self.program.source), lines)
        return compile(tree, self.program.filename, "exec", dont_inherit=True)

    # How it ends

    def _on_stop(self, stop: Stop) -> None:
        """The run is over: everything stays as it is now."""
        self.result.total_ns = self.machine.now_ns
        self.result.waiting = [
            instance
            for instance in self.watcher.unfinished()
            if instance.state not in ("ready", "stepping")
        ]
        self.output.close()
        self.restore = self.watcher.freeze()

    def _stopped(self, stop: Stop) -> None:
        if self.result.ending != "finished":
            return
        result = self.result
        result.ending = stop.ending
        result.message = stop.message
        result.exit_code = EXIT_LIMIT if stop.ending == "limit" else 1
        if isinstance(stop, Deadlock):
            result.message = "deadlock: nothing can happen any more, and the program still waits"

    def _exited(self, error: SystemExit) -> None:
        code = error.code
        self.result.ending = "exit"
        if code is None or code == 0:
            self.result.ending = "finished"
        elif isinstance(code, int):
            self.result.exit_code = code & 0xFF
            self.result.message = f"the program ended itself with exit code {code}"
        else:
            self.result.exit_code = 1
            self.result.message = f"the program ended itself: {code}"

    def _close(self) -> None:
        """What is printed from here on, e.g. by tasks that are collected, is not part of the run."""
        if self.machine.stopped is None:
            self.machine.stop(Stop())
            self.result.waiting = []
        for loop in self.loops:
            if not loop.is_closed() and not loop.is_running():
                with contextlib.suppress(BaseException):
                    loop.close()
        asyncio.events._set_running_loop(None)

    # What goes wrong without ending the run

    def _note(self, place: sources.Place | None, text: str) -> None:
        if (place, text) not in self.result.notes:
            self.result.notes.append((place, text))

    def _on_loop_error(self, loop: Any, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if isinstance(error, Stop) or not self.output.is_open:
            return
        message = context.get("message", "")
        task = context.get("task") or context.get("future")
        coroutine = getattr(task, "get_coro", lambda: None)()
        name = getattr(coroutine, "__qualname__", None)
        if error is not None:
            problem = problem_of(error, self.program)
            problem.task = name
            self.result.problems.append(problem)
        else:
            self._note(None, message)

    def _on_warning(
        self, message: Any, category: type, filename: str, lineno: int, *rest: Any
    ) -> None:
        if not self.output.is_open:
            return
        place = (filename, lineno) if self.program.is_own(filename) else self.program.place()
        if "shutdown_asyncgens" in str(message) or "shutdown_default" in str(message):
            # What the end of a stopped run leaves behind.
            return
        if place is not None or "never awaited" in str(message):
            # Debug mode of asyncio appends where the coroutine was made: frames of this package.
            words = str(message).partition("\nCoroutine created at")[0]
            self._note(place, f"{category.__name__}: {words}")
