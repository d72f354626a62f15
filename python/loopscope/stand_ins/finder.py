"""The import of modules for which there are stand-ins."""

import asyncio
import importlib.abc
import importlib.machinery
import sys
import types
from collections.abc import Sequence
from typing import Any

from . import celery, objects
from .table import table

OUTSIDE = ("subprocess", "socket", "urllib.request", "http.client", "smtplib", "shutil", "ftplib")
"""Modules of Python's own that reach outside. The program gets a stand-in for them; libraries
keep the real ones, whose connections `outside.py` refuses."""

BROWSER = {"js", "pyodide", "pyodide_js", "_pyodide", "_pyodide_core"}
"""Modules by which Python reaches the browser that it runs in; the program gets none of them."""

NEVER = {"asyncio", "builtins", "anyio", "starlette", "fastapi", "uvicorn", "pydantic"}
"""Without these the program is another one, so a missing one is an error."""


class Module(types.ModuleType):
    """A module whose every name is a stand-in."""

    __path__: list[str] = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        child = objects.child_of(self.__name__, name)
        setattr(self, name, child)
        return child


def module(name: str) -> types.ModuleType:
    """The stand-in for a module."""
    if name == "celery":
        return celery.module()
    return Module(name, f"A stand-in for {name}.")


def server_module(name: str) -> types.ModuleType:
    """A server that serves nothing: the requests call the app themselves."""
    made = Module(name, f"A stand-in for {name}.")
    made.__dict__["run"] = lambda *args, **options: None
    return made


def loop_module() -> types.ModuleType:
    """`uvloop`: the loop is the virtual one, whichever the program asks for."""
    made = Module("uvloop", "A stand-in for uvloop.")
    made.__dict__.update(
        run=lambda main, **options: asyncio.run(main, debug=options.get("debug")),
        install=lambda: None,
        new_event_loop=lambda: asyncio.new_event_loop(),
        Loop=lambda: asyncio.new_event_loop(),
    )
    return made


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds the modules of the table that are not installed, or that shall be replaced."""

    def __init__(self, names: set[str], forced: bool) -> None:
        self.names = names
        self.forced = forced

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: Any = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname.split(".")[0] not in self.names:
            return None
        # An installed package without this submodule: the import really fails.
        parent = sys.modules.get(fullname.rpartition(".")[0])
        if parent is not None and not isinstance(parent, Module):
            return None
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        return module(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        pass


class StandIns:
    """The stand-ins of one run; put back by `remove`."""

    def __init__(self, forced: list[str]) -> None:
        known = {name for name in table().modules() if name not in sys.stdlib_module_names} - NEVER
        self.finders = [
            (0, Finder(set(forced), forced=True)),
            (len(sys.meta_path) + 1, Finder(known, forced=False)),
        ]
        self.forced = set(forced)
        self.hidden: dict[str, types.ModuleType] = {}
        # What was there before the run.
        self.loaded: set[str] = set()

    def install(self) -> None:
        for name in list(sys.modules) if self.forced else []:
            if name.split(".")[0] in self.forced:
                self.hidden[name] = sys.modules.pop(name)
        self.loaded = set(sys.modules)
        for place, finder in self.finders:
            sys.meta_path.insert(place, finder)

    def remove(self) -> None:
        for _, finder in self.finders:
            sys.meta_path.remove(finder)
        for name in sys.modules.keys() - self.loaded:
            loaded = sys.modules[name]
            if isinstance(loaded, Module) or getattr(loaded, "__loopscope__", False):
                del sys.modules[name]
        sys.modules.update(self.hidden)
