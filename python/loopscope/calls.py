"""Functions of this process on the virtual clock, e.g. a coroutine of a notebook, or a test.

Unlike a program (`runner.py`), a function shares its process with others: files are real, its
module is imported already, and real threads of the process live in real time. Other machines and
other processes are refused, since they know no virtual clock.
"""

import asyncio
import contextlib
import contextvars
import gc
import inspect
import linecache
import os
import sys
import threading
import types
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from . import anyio_threads, outside, patches
from .endings import Stop
from .functions import unwrapped
from .output import Stream
from .problems import problem_of
from .result import Run
from .runner import Options, Runner
from .sources import Place, Program

_OWN_FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "")
_FOREIGN = ("site-packages", "dist-packages", os.path.dirname(os.__file__))
_SCRIPTS = os.path.join(os.path.dirname(sys.executable), "")
"""Programs such as `pytest` and `ipython`, which call the function."""


@dataclass(frozen=True)
class Held:
    """One time that a line held the event loop: a blocking call, or `loopscope.cpu`."""

    place: Place | None
    ns: int


class ProcessFiles(Program):
    """The files of this process that are neither Python's own nor a library's."""

    def __init__(self, filename: str) -> None:
        # Cells of a notebook have no file, and their lines are in this cache.
        super().__init__(filename, "".join(linecache.getlines(filename)))
        self.folder = None

    def _decide(self, filename: str) -> bool:
        if filename == self.filename:
            return True
        if filename.startswith("<"):
            return filename.startswith("<ipython-input")
        path = os.path.abspath(filename)
        if path.startswith((_OWN_FOLDER, _SCRIPTS)):
            return False
        return not any(part in path for part in _FOREIGN)

    def line(self, place: Place | None) -> str:
        return "" if place is None else linecache.getline(*place).strip()


def file_of(target: Any) -> str:
    """The file of a function, a coroutine or an object that can be called."""
    target = unwrapped(target)
    for one in (target, getattr(type(target), "__call__", None)):
        code = getattr(one, "cr_code", None) or getattr(inspect.unwrap(one), "__code__", None)
        if isinstance(code, types.CodeType):
            return code.co_filename
    return "<function>"


class CallRunner(Runner):
    """Calls of functions of this process."""

    def __init__(
        self,
        filename: str,
        options: Options,
        captures: bool,
        names: dict[str, Any] | None = None,
    ) -> None:
        options.has_command_line = False
        super().__init__(ProcessFiles(filename), options)
        # Whether the output is a part of the result; a test leaves it to its runner.
        self.captures = captures
        self.program.barriers.update(
            id(method.__code__) for method in (CallRunner.perform, CallRunner.finish)
        )
        # Names that the function uses besides those of modules.
        self.names = {} if names is None else names
        # Each time that the loop was held, in order.
        self.held: list[Held] = []
        self.value: Any = None
        self.error: BaseException | None = None
        self._changes: patches.Replacements | None = None
        self._notice_holds()

    def _notice_holds(self) -> None:
        machine, hold = self.machine, self.machine.hold

        def noticing(state: str, ns: int, place: Place | None = None) -> None:
            place = place or machine.place_of_caller()
            # On a virtual thread there is no running loop.
            if asyncio._get_running_loop() is not None:
                self.held.append(Held(place, ns))
            hold(state, ns, place)

        machine.hold = noticing

    # Surroundings

    @contextlib.contextmanager
    def on_virtual_clock(self) -> Iterator[None]:
        loaded = set(sys.modules)
        try:
            with super().on_virtual_clock():
                yield
        finally:
            if self._changes is not None:
                imported = [module for name, module in _modules() if name not in loaded]
                self._changes.forget([*map(vars, imported), *self._namespaces()])

    def _own_modules(self) -> dict[str, Callable[[], types.ModuleType]]:
        return {}

    @contextlib.contextmanager
    def _stand_ins(self, changes: patches.Replacements) -> Iterator[None]:
        yield

    def _replace_surroundings(self, changes: patches.Replacements) -> None:
        self._changes = changes
        if self.captures:
            for name in ("stdout", "stderr"):
                changes.set(sys, name, Stream(self.output, name))
        if "anyio" in sys.modules:
            anyio_threads.replace(changes, self.workshop)
        outside.shut_network(changes, self.machine)
        patches.rebind(changes, self._namespaces())

    def _namespaces(self) -> list[dict[str, Any]]:
        """The names of the process's own modules; some were imported before the run."""
        named = [(module, getattr(module, "__file__", None)) for _, module in _modules()]
        spaces = [vars(module) for module, file in named if file and self.program.is_own(file)]
        # A notebook's and a terminal's own names.
        main = sys.modules.get("__main__")
        if main is not None and getattr(main, "__file__", None) is None:
            spaces.append(vars(main))
        return [*spaces, self.names]

    def _bounded(self) -> contextlib.AbstractContextManager[None]:
        # Elsewhere the limit is kept by tracing, which debuggers and coverage need themselves.
        if threading.current_thread() is threading.main_thread():
            return super()._bounded()
        return contextlib.nullcontext()

    def _on_loop_error(self, loop: Any, context: dict[str, Any]) -> None:
        if self.captures:
            super()._on_loop_error(loop, context)
        elif self.machine.stopped is None:
            # A test's runner shows what asyncio logs.
            loop.default_exception_handler(context)

    # Calls

    def run_call(self, target: Any, requests: list[str]) -> Run:
        """Calls a function, awaits a coroutine, or sends requests to an app."""
        with self.on_virtual_clock(), warnings.catch_warnings():
            warnings.simplefilter("default")
            warnings.showwarning = self._on_warning
            self.perform(target, requests)
            self.finish()
        return self.result

    def perform(self, target: Any, requests: list[str]) -> None:
        try:
            if requests:
                self._send(target, [(None, text) for text in requests])
            else:
                self.value = contextvars.copy_context().run(perform, target)
            self.machine.run_to_end()
            # A failed task in a cycle with its traceback reports its error when it is freed.
            gc.collect()
            if self.machine.stopped is not None:
                self._stopped(self.machine.stopped)
        except Stop as stop:
            self._stopped(self.machine.stopped or stop)
        except KeyboardInterrupt:
            raise
        except SystemExit as error:
            self._exited(error)
        except BaseException as error:
            if self.machine.stopped is not None:
                self._stopped(self.machine.stopped)
                return
            self.error = error
            self.result.ending, self.result.exit_code = "error", 1
            self.result.problems.append(problem_of(error, self.program))

    def finish(self) -> None:
        """The run is over, and what is left of it is freed."""
        self._close()
        self._collect()


def _modules() -> list[tuple[str, types.ModuleType]]:
    """All modules of the process. Some libraries keep other objects among them."""
    return [
        (name, module)
        for name, module in list(sys.modules.items())
        if isinstance(module, types.ModuleType)
    ]


def perform(target: Any) -> Any:
    """Calls a function and awaits what it gives, or awaits a coroutine."""
    value = target() if callable(target) else target
    return asyncio.run(value) if inspect.iscoroutine(value) else value
