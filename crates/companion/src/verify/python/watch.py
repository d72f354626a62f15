"""The watcher of a real run: that of the package `loopscope`, on the real clock.

The exported program runs unchanged. The package, a copy of which is in the folder of the run,
watches each step of each task. What is special to real time is here: timers and threads that
wake tasks late, work on real threads and in other processes, lost turns of computing, and the
way back from the program's lines to the segments of the script.

The program's `print`, `respond`, `burn` and `time.sleep` and its process pools are replaced by
functions and pools that record.

Left out: a wait for the GIL shows only as a gap inside `burn`; of a cancellation only the end
of the task is recorded, not the request.
"""

import asyncio
import concurrent.futures
import contextlib
import functools
import json
import os
import sys
import threading
import time
import types
import unicodedata

from loopscope.endings import Deadlock
from loopscope.functions import own_function
from loopscope.sources import Program
from loopscope.waits import Waits
from loopscope.watcher import LOOP_LANE, TERMINAL, Watcher

GAP_NS = 1_000_000
"""A longer gap between two looks at the clock means that the GIL or the core was lost."""

DELIVERY_SECONDS = 1.0
"""How long the result of a job may take to reach the loop."""

WITHOUT_LANE = ("printed", "responded", *TERMINAL)
"""States in which an instance holds no lane."""

WATCHER = None
"""The watcher of this process; forked workers inherit it."""


def begin(folder):
    """Reads the plan of the run in this folder, and keeps this process on its cores."""
    with open(os.path.join(folder, "plan.json"), encoding="utf-8") as file:
        plan = json.load(file)
    if plan["affinity"] and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, plan["affinity"])
    return plan


def write_result(folder, name, result):
    """Writes a file that is complete as soon as it has its name."""
    unfinished = os.path.join(folder, f"{name}.unfinished")
    with open(unfinished, "w", encoding="utf-8") as file:
        json.dump(result, file)
    os.replace(unfinished, os.path.join(folder, name))


class Script(Program):
    """The exported program, and the way from its lines and functions to the script."""

    def __init__(self, plan, filename):
        super().__init__(filename, "")
        # E.g. `{12: 3}`: line 12 of the program comes from segment 3.
        self.segments = {int(line): segment for line, segment in plan["lines"].items()}
        # Python normalises identifiers to NFKC, so `__name__` differs from the script's spelling.
        normal = functools.partial(unicodedata.normalize, "NFKC")
        self.functions = {normal(name): entry for name, entry in plan["functions"].items()}

    def is_own(self, filename):
        return filename == self.filename

    def owns(self, code):
        """Not a helper, e.g. `burn`, which is a part of the statement that calls it."""
        return self.is_own(code.co_filename) and any(
            line in self.segments for _, _, line in code.co_lines()
        )

    def function_in(self, function):
        """The script's function inside what a library hands to a thread; None if there is none."""
        found = own_function(function, self.is_own)
        return found if found is not None and found.__name__ in self.functions else None

    def task_name(self, coroutine):
        """The script's task that a coroutine is a run of; empty for other coroutines."""
        code = getattr(coroutine, "cr_code", None)
        if code is None:
            return ""
        name = coroutine.__name__
        # FastAPI imports `run_in_threadpool`; the asyncio program defines its own.
        if name == "run_in_threadpool" and name not in self.functions and coroutine.cr_frame:
            variables = coroutine.cr_frame.f_locals
            name = getattr(variables.get("work") or variables.get("func"), "__name__", "")
        elif not self.is_own(code.co_filename):
            return ""
        return name if name in self.functions and self.functions[name][0] == "task" else ""


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

    def register(self, task):
        instance = super().register(task)
        # Not the line that made it: that belongs to another task.
        instance.place = None
        if instance.name and instance.name != task.get_coro().__name__:
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

    # The result

    def result(self, ending, end_ns):
        """The content of `trace.json`.

        A record is `[nanoseconds, instance, state, lane, segment, cause]`, an instance
        `[task, parent, role, server]`, a lane `[kind, server, key]`; -1 means none. For
        example, `[5000000, 0, "ready", -1, 3, 1]`: at 5 ms instance 1 woke instance 0.
        """
        functions, segments = self.program.functions, self.program.segments
        instances, numbers, first = [], {}, {}
        for instance in self.instances[1:]:
            if instance.name not in functions:
                continue
            number = instance.number
            _, task, first[number] = functions[instance.name]
            parent, role = numbers.get(instance.parent, -1), instance.role
            if parent < 0:
                role = "handler" if number in self.handlers else "arrived"
            numbers[number] = len(instances)
            instances.append([task, parent, role, self.server])
        records, at_segment = [], {}
        for at_ns, who, state, lane, place, cause in self.in_order():
            if who not in numbers:
                continue
            if who not in at_segment:
                # It was just made, and its place is the line that made it.
                at_segment[who] = first[who]
            elif place is not None:
                at_segment[who] = segments.get(place[1], at_segment[who])
            cause = numbers.get(cause, -1) if cause != who else -1
            records.append([at_ns, numbers[who], state, lane, at_segment[who], cause])
        return {
            "instances": instances,
            "lanes": [[kind, self.server, key] for kind, key in self.lane_numbers],
            "records": records,
            "ending": ending,
            "end_ns": end_ns,
            "versions": {"Python": ".".join(map(str, sys.version_info[:3]))},
        }


class ProcessPool:
    """A pool of processes, each of which records its own work."""

    def __init__(self, pool, watcher, role, queued, kind):
        self.pool = pool
        self.watcher = watcher
        self.role = role
        self.queued = queued
        self.kind = kind
        self.on_submit = lambda future: None

    def submit(self, function):
        watcher = self.watcher
        instance = watcher.requested(function, self.role, self.queued)
        inner = self.pool.submit(in_process, function.__name__)
        outer = concurrent.futures.Future()

        def unpack(inner):
            if inner.cancelled():
                watcher.add(instance, "cancelled", -1, None)
                outer.cancel()
                return
            error = inner.exception()
            if error is None:
                pid, log, error = inner.result()
                watcher.import_log(instance, self.kind, pid, log)
            # The cause of the wake-up that this thread sends to the loop.
            watcher.current = instance.number
            if outer.cancelled():
                return
            if error is None:
                outer.set_result(None)
            else:
                outer.set_exception(RuntimeError(str(error)))

        inner.add_done_callback(unpack)
        outer.add_done_callback(lambda outer: outer.cancelled() and inner.cancel())
        self.on_submit(outer)
        return outer

    def shutdown(self, wait=True):
        self.pool.shutdown(wait=wait)


def in_process(name):
    """Runs a function in a worker process. Returns the process, its log, the error."""
    import program

    import watch

    # A spawned worker has no watcher, so its records have no segments of their own.
    watcher = watch.WATCHER or RealWatcher({"lines": {}, "functions": {}}, "")
    watcher.begin_ns = 0
    watcher.replace_functions(program)
    log, error = [], None
    try:
        with watcher.job(log):
            getattr(program, name)()
    except Exception as failure:
        error = str(failure)
    return os.getpid(), log, error


class WatchedLoop(asyncio.SelectorEventLoop):
    """CPython's selector loop, which says when, and by which thread, tasks were woken."""

    def __init__(self, watcher):
        self.watcher = watcher
        self.outstanding = 0
        super().__init__()
        watcher.watch_loop(self)
        self.set_exception_handler(lambda loop, context: None)

    # Wake-ups and their causes.

    def call_at(self, when, callback, *arguments, context=None):
        due_ns = int(when * 1e9) - self.watcher.begin_ns
        return super().call_at(when, self.wake, due_ns, -1, callback, arguments, context=context)

    def call_soon_threadsafe(self, callback, *arguments, context=None):
        watcher = self.watcher
        return super().call_soon_threadsafe(
            self.wake, watcher.now(), watcher.current, callback, arguments, context=context
        )

    def wake(self, due_ns, cause, callback, arguments):
        """Calls a callback. What it wakes is ready since then, because of this instance."""
        watcher = self.watcher
        before = watcher.current
        watcher.due_ns, watcher.current = due_ns, cause
        try:
            callback(*arguments)
        finally:
            watcher.due_ns, watcher.current = None, before

    # Work on threads and in processes.

    def run_in_executor(self, executor, function, *arguments):
        work = self.watcher.program.function_in(function)
        if work is None or isinstance(executor, ProcessPool):
            future = super().run_in_executor(executor, function, *arguments)
            self.watcher.awaited_as(future, "offloaded")
        else:
            future = self._run_on_thread(executor, work)
        self.outstanding += 1
        future.add_done_callback(self._delivered)
        return future

    def _run_on_thread(self, executor, work):
        watcher = self.watcher
        kind, queued = "thread", "queued_token"
        if executor is None:
            kind, queued = "executor", "queued_executor"
        instance = watcher.requested(work, "offloaded", queued)
        at_work = functools.partial(watcher.at_work, instance, kind, work)
        # The thread that begins the work asks for the future.
        with watcher.lock:
            future = super().run_in_executor(executor, at_work)
            watcher.queued[instance.number] = future
            watcher.awaited_as(future, "offloaded" if executor is None else queued)

        def dropped(future):
            # A cancelled wait removes its work from the queue, unless a thread has it.
            if future.cancelled() and watcher.queued.pop(instance.number, None):
                watcher.add(instance, "cancelled", -1, None)

        future.add_done_callback(dropped)
        return future

    def _delivered(self, future):
        self.outstanding -= 1

    def job_sent(self, future):
        self.outstanding += 1
        later = functools.partial(self.call_later, DELIVERY_SECONDS, self._delivered, None)

        def arrived(future):
            # A job may end after the run; its result then has no receiver.
            if not self.is_closed():
                self.call_soon_threadsafe(later)

        future.add_done_callback(arrived)

    def _run_once(self):
        # `select` would block for ever here.
        if not self._ready and not self._scheduled and not self.outstanding:
            raise Deadlock
        super()._run_once()


def replace_pools(program, watcher, loop):
    """Replaces the program's process pools by recording ones. Returns all pools, which
    the caller must shut down.
    """
    pools = []
    for name, kind, role, queued in [
        ("processes", "process", "offloaded", "queued_process"),
        ("jobs", "job", "sent", "queued_job"),
    ]:
        pool = getattr(program, name, None)
        if pool is not None and hasattr(pool, "submit"):
            pool = ProcessPool(pool, watcher, role, queued, kind)
            if name == "jobs":
                pool.on_submit = loop.job_sent
                asyncio.wrap_future = functools.partial(wrap_job, watcher)
            setattr(program, name, pool)
            pools.append(pool)
    threads = getattr(program, "threadpool", None)
    if threads is not None and hasattr(threads, "submit"):
        pools.append(threads)
    return pools


def wrap_job(watcher, job):
    """`asyncio.wrap_future`, by which the program waits for a job as for a task."""
    future = asyncio.futures.wrap_future(job)
    watcher.awaited_as(future, "waiting_task")
    return future
