"""What is known about a code object: whose it is, how a task waits in it, what tasks it makes.

The watcher asks after every step of every task, so each answer is found out once. The memory is
by `id`: the hash of a code object goes through all its constants and, since 3.12, through all its
instructions, which takes longer than everything else in a step.
"""

import asyncio
import os
from collections.abc import Callable
from types import CodeType, FrameType

from .sources import Place

_ASYNCIO = os.path.dirname(asyncio.__file__)

_WAITS = {
    "sleep": "awaiting",
    "Lock.acquire": "waiting_permit",
    "Semaphore.acquire": "waiting_permit",
    "Condition.wait": "waiting_notify",
    "Queue.get": "waiting_item",
    "Queue.put": "waiting_room",
    "Event.wait": "waiting_event",
    "TaskGroup.__aexit__": "waiting_all",
    "TaskGroup._aexit": "waiting_all",
    "_wait": "waiting_all",
    "StreamReader._wait_for_data": "awaiting",
    "BaseEventLoop.shutdown_default_executor": "offloaded",
}
"""The state of a task in a function of asyncio, by the function's qualified name."""

_OUTER_WAITS = {
    "as_completed.<locals>._wait_for_one": "waiting_task",
    "_AsCompletedIterator._wait_for_one": "waiting_task",
    "Queue.join": "waiting_event",
    "Barrier._wait": "waiting_notify",
    "Barrier._block": "waiting_notify",
}
"""These keep their state although they await another function of the table above."""

_ANYIO_WAITS = {"AsyncIOBackend.run_sync_in_worker_thread": "offloaded"}

_ANYIO_OUTER_WAITS = {"CapacityLimiter.acquire_on_behalf_of": "queued_token"}

_ROLES = {
    ("tasks.py", "gather"): "gathered",
    ("tasks.py", "shield"): "shielded",
    ("taskgroups.py", "create_task"): "grouped",
}
"""The role of a task that a function of asyncio makes."""


class KnownCode:
    """The answers for one code object."""

    __slots__ = ("code", "is_own", "wait", "wait_is_final", "role", "_places")

    def __init__(self, code: CodeType, is_own: bool) -> None:
        # Kept, so that no other code object gets its `id`.
        self.code = code
        self.is_own = is_own
        self.wait: str | None = None
        self.wait_is_final = False
        self.role: str | None = None
        # By instruction. Python finds a line by reading a table from its beginning.
        self._places: dict[int, Place] = {}

    def place(self, frame: FrameType) -> Place:
        """The line at which a frame of this code is."""
        instruction = frame.f_lasti
        place = self._places.get(instruction)
        if place is None:
            place = self._places[instruction] = (self.code.co_filename, frame.f_lineno)
        return place


class KnownCodes(dict[int, KnownCode]):
    """All code objects that were met, by `id`: `known[id(code)]`, or `known.of(code)`."""

    def __init__(self, owns: Callable[[CodeType], bool]) -> None:
        super().__init__()
        self._owns = owns

    def of(self, code: CodeType) -> KnownCode:
        known = self.get(id(code))
        if known is None:
            known = self[id(code)] = self._find_out(code)
        return known

    def _find_out(self, code: CodeType) -> KnownCode:
        filename, name = code.co_filename, code.co_qualname
        known = KnownCode(code, self._owns(code))
        if known.is_own:
            return known
        known.role = _ROLES.get((os.path.basename(filename), code.co_name))
        if filename.startswith(_ASYNCIO):
            waits, outer_waits = _WAITS, _OUTER_WAITS
        elif f"{os.sep}anyio{os.sep}" in filename:
            waits, outer_waits = _ANYIO_WAITS, _ANYIO_OUTER_WAITS
        else:
            return known
        known.wait_is_final = name in outer_waits
        known.wait = outer_waits.get(name) or waits.get(name)
        return known
