"""The watcher of a real run: that of the package `loopscope`, on the real clock.

The exported program runs unchanged. The package, a copy of which is in the folder of the run,
watches each step of each task. What is special to real time is here: work on real threads and in
other processes, lost turns of computing. `loop.py` has the loop and the pools, `script.py` the way
back from the program's lines to the segments of the script.

The program's `print`, `respond`, `burn` and `time.sleep` are replaced by functions that record.

Left out: a wait for the GIL shows only as a gap inside `burn`; of a cancellation only the end
of the task is recorded, not the request.
"""

import asyncio
import contextlib
import threading
import time
import types

from script import Script

from loopscope.waits import Waits
from loopscope.watcher import LOOP_LANE, TERMINAL, Watcher

GAP_NS = 1_000_000
"""A longer gap between two looks at the clock means that the GIL or the core was lost."""

WITHOUT_LANE = ("printed", "responded", *TERMINAL)
"""States in which an instance holds no lane."""

WATCHER = None
"""The watcher of this process; forked workers inherit it."""


class ScriptWaits(Waits):
    """What a task waits for at a line of the script."""

    def of(self, task):
        state, place = super().of(task)
        if place is None and state not in ("offloaded", "queued_token"):
            # E.g. where uvicorn sends a response.
            state = "ready"
        return state, place


class RealWatcher(Watcher):
    """The package's watcher for several threads and processes on the real clock."""

    def __init__(self, plan, filename, server=0):
        self.local = threading.local()
        self.lock = threading.Lock()
        self.begin_ns = time.monotonic_ns()
        super().__init__(Script(plan, filename), self.now)
        self.waits = ScriptWaits(self.known)
        self.name_of = self.program.task_name
        self.server = server
        # By kind and key, e.g. `("thread", 140211)`. The loop's lane comes first.
        self.lane_numbers = {("loop", 0): LOOP_LANE}
        # Tasks whose whole body is a function on a thread of the pool.
        self.handlers = set()
        # By the number of an instance that no thread has begun yet: the future of its caller.
        self.queued = {}
        # Threads that are inside `burn`.
        self.burning = set()
        # The number of threads that run work of the script.
        self.working = 0
        self.rest = threading.Condition(self.lock)

    def now(self):
        return time.monotonic_ns() - self.begin_ns

    @property
    def current(self):
        """The instance that runs on this thread. After work on a thread it stays, since it is
        the cause of the wake-up that the thread sends to the loop next."""
        return getattr(self.local, "current", -1)

    @current.setter
    def current(self, number):
        self.local.current = number

    @property
    def lane(self):
        """The lane of this thread."""
        return getattr(self.local, "lane", LOOP_LANE)

    def lane_of(self, kind, key):
        with self.lock:
            number = self.lane_numbers.get((kind, key))
            if number is None:
                number = self.lane_numbers[kind, key] = self.new_lane(kind)
            return number

    def new_instance(self, name, parent, role, place):
        with self.lock:
            return super().new_instance(name, parent, role, place)

    # Tasks

    def register_coroutine(self, coroutine):
        instance = super().register_coroutine(coroutine)
        # Not the line that made it: that belongs to another task.
        instance.place = None
        if instance.name and instance.name != coroutine.__name__:
            self.handlers.add(instance.number)
        return instance

    def stopped(self, task, instance):
        # The step may have begun as that of a task of uvicorn, and have become a request's.
        instance = self.by_task.get(task, instance)
        with self.lock:
            if instance.state == "ready" and not task.done():
                # It gave its turn away. The loop took note before this line was known.
                place = self.waits.of(task)[1]
                if place is not None and place != instance.place:
                    self.add(instance, "ready", -1, place)
            else:
                super().stopped(task, instance)

    @contextlib.contextmanager
    def inside_task(self, instance):
        """While this lasts, the steps of the current task are the instance's."""
        task = asyncio.current_task()
        around = self.by_task[task]
        self.add(instance, "ready", -1, None)
        self.by_task[task], self.current = instance, instance.number
        instance.state = "stepping"
        outcome = "failed"
        try:
            yield
            outcome = "done"
        except asyncio.CancelledError:
            outcome = "cancelled"
            raise
        finally:
            self.add(instance, outcome, -1, None)
            self.by_task[task], self.current = around, around.number
            around.state = "stepping"

    def awaited_as(self, future, state):
        """The state of tasks that await this future."""
        self.waits.offloads[future] = state
        future.add_done_callback(lambda future: self.waits.offloads.pop(future, None))

    # Replacements for the program's functions.

    def burn(self, seconds):
        instance, lane, place = self.running(), self.lane, self.program.place()
        self.add(instance, "running", lane, place)
        thread = threading.get_ident()
        self.burning.add(thread)
        end = time.thread_time() + seconds
        last = self.now()
        while time.thread_time() < end:
            now = self.now()
            if now - last > GAP_NS:
                lost = "queued_gil" if len(self.burning) > 1 else "queued_core"
                self.records.append((last, instance.number, lost, lane, place, -1))
                self.records.append((now, instance.number, "running", lane, place, -1))
            last = now
        self.burning.discard(thread)

    def sleep(self, seconds):
        self.add(self.running(), "blocking", self.lane, self.program.place())
        time.sleep(seconds)

    def print(self, *words):
        self.mark("printed", self.program.place())

    def respond(self):
        self.mark("responded", self.program.place())

    def replace_functions(self, program):
        replaced = {
            "burn": self.burn,
            "print": self.print,
            "respond": self.respond,
            "time": types.SimpleNamespace(sleep=self.sleep),
        }
        for name, value in replaced.items():
            if hasattr(program, name) or name == "print":
                setattr(program, name, value)

    # Work on threads and in processes.

    def requested(self, function, role, queued):
        """The running task offloads work. Returns the new instance, which is queued; a caller
        that waits for a token is in the queue itself."""
        parent = self.current
        # A `def` handler has an instance on the loop already; its body is a part of that.
        if self.program.functions[function.__name__][0] == "part" or parent in self.handlers:
            role = "part"
        instance = self.new_instance(function.__name__, parent, role, None)
        instance.state = queued
        if queued != "queued_token":
            self.records.append((self.now(), instance.number, queued, -1, None, parent))
        return instance

    def at_work(self, instance, kind, function):
        """Runs the work on a worker thread, between records of its start and end."""
        with self.lock:
            self.working += 1
        self.current = instance.number
        self.local.lane = self.lane_of(kind, threading.get_ident())
        self._take_token(instance)
        self.add(instance, "running", self.lane, None)
        outcome = "failed"
        try:
            result = function()
            outcome = "done"
            return result
        finally:
            self.add(instance, outcome, -1, None)
            with self.rest:
                self.working -= 1
                self.rest.notify_all()

    def _take_token(self, instance):
        with self.lock:
            future = self.queued.pop(instance.number, None)
            if future is None:
                return
            self.waits.offloads[future] = "offloaded"
            caller = self.instances[instance.parent]
            if caller.state == "queued_token":
                self.add(caller, "offloaded", -1, None)

    def wait_for_threads(self):
        """Waits for all threads: some may still run work that no task awaits any more."""
        with self.rest:
            self.rest.wait_for(lambda: self.working == 0)

    @contextlib.contextmanager
    def job(self, log):
        """Records the work of this process in a log, which `import_log` reads in another."""
        instance = self.module
        self.records, self.burning, instance.place = [], set(), None
        self.current = instance.number
        self.add(instance, "running", LOOP_LANE, None)
        outcome = "failed"
        try:
            yield
            outcome = "done"
        finally:
            self.add(instance, outcome, -1, None)
            self.current = -1
            log += [(at_ns, state, place) for at_ns, _, state, _, place, _ in self.records]

    def import_log(self, instance, kind, key, log):
        """Adds the records of another process. The monotonic clock is the same in all."""
        lane = self.lane_of(kind, key)
        for at_ns, state, place in log:
            where = -1 if state in WITHOUT_LANE else lane
            # A list if it comes from a file.
            place = None if place is None else tuple(place)
            self.records.append((at_ns - self.begin_ns, instance.number, state, where, place, -1))
