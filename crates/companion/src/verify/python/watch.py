"""The watcher of a real run: records every state change of the program's tasks.

The exported program runs unchanged. A task factory on the loop records tasks, and
`call_soon` records wake-ups. The program's globals for pools, `print`, `respond`,
`burn` and `time.sleep` are replaced by wrappers that record.

A record is `[nanoseconds, instance, state, lane, segment, cause]`, an instance
`[task, parent, role, server]`, a lane `[kind, server, key]`; -1 means none. For
example, `[5000000, 0, "ready", -1, 3, 1]`: at 5 ms instance 1 woke instance 0.
Several threads add records, so they are sorted by time at the end.

Left out: a wait for the GIL shows only as a gap inside `burn`; of a cancellation
only the end of the task is recorded, not the request.
"""

import asyncio
import collections.abc
import concurrent.futures
import functools
import os
import sys
import threading
import time
import types
import unicodedata

GAP_NS = 1_000_000
"""A longer gap between two looks at the clock means that the GIL or the core was lost."""

DELIVERY_SECONDS = 1.0
"""How long the result of a job may take to reach the loop."""


class Deadlock(BaseException):
    """No task is ready, no timer is set, and no thread or process has work."""


class Recorder:
    """The records of one process."""

    def __init__(self, plan, filename, server=0):
        self.filename = filename
        self.lines = {int(line): entry for line, entry in plan["lines"].items()}
        # Python normalises identifiers to NFKC, so `__name__` differs from the script's spelling.
        normal = functools.partial(unicodedata.normalize, "NFKC")
        self.functions = {normal(name): entry for name, entry in plan["functions"].items()}
        self.handlers = set()
        # Instances that wait for a thread of the pool.
        self.without_token = set()
        self.server = server
        self.begin_ns = time.monotonic_ns()
        self.instances = []
        self.lanes = []
        self.lane_numbers = {}
        self.records = []
        self.local = threading.local()
        self.burning = set()
        self.lock = threading.Lock()
        # The number of threads that run work of the script.
        self.working = 0
        self.rest = threading.Condition(self.lock)

    def now(self):
        return time.monotonic_ns() - self.begin_ns

    def instance(self, task, parent, role):
        with self.lock:
            self.instances.append([task, parent, role, self.server])
            return len(self.instances) - 1

    def lane(self, kind, key):
        with self.lock:
            number = self.lane_numbers.get((kind, key))
            if number is None:
                number = self.lane_numbers[kind, key] = len(self.lanes)
                self.lanes.append([kind, self.server, key])
            return number

    def add(self, at, who, state, lane=-1, segment=-1, cause=-1):
        self.records.append((at, who, state, lane, segment, cause))

    def line(self, frame=None):
        """The plan's entry of the innermost script line on this thread's stack."""
        frame = frame or sys._getframe(1)
        while frame is not None:
            if frame.f_code.co_filename == self.filename:
                entry = self.lines.get(frame.f_lineno)
                if entry is not None:
                    return entry
            frame = frame.f_back
        return None

    def segment(self):
        entry = self.line(sys._getframe(2))
        return -1 if entry is None else entry["segment"]

    def current(self):
        """The instance that runs on this thread, and its lane."""
        return getattr(self.local, "who", -1), getattr(self.local, "lane", -1)

    # Replacements for the program's functions.

    def burn(self, seconds):
        who, lane = self.current()
        segment = self.segment()
        self.add(self.now(), who, "running", lane, segment)
        thread = threading.get_ident()
        self.burning.add(thread)
        end = time.thread_time() + seconds
        last = self.now()
        while time.thread_time() < end:
            now = self.now()
            if now - last > GAP_NS:
                lost = "queued_gil" if len(self.burning) > 1 else "queued_core"
                self.add(last, who, lost, lane, segment)
                self.add(now, who, "running", lane, segment)
            last = now
        self.burning.discard(thread)

    def sleep(self, seconds):
        who, lane = self.current()
        self.add(self.now(), who, "blocking", lane, self.segment())
        time.sleep(seconds)

    def print(self, *words):
        self.mark("printed")

    def respond(self):
        self.mark("responded")

    def mark(self, state):
        who, lane = self.current()
        entry = self.line(sys._getframe(2))
        self.add(self.now(), who, state, lane, -1 if entry is None else entry["segment"])

    def watch(self, program):
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
        """The running task offloads work. Returns the new instance, which is queued."""
        parent, _ = self.current()
        kind, task, segment = self.functions[function.__name__]
        # A `def` handler has an instance on the loop already; its body is a part of that.
        if kind == "part" or parent in self.handlers:
            role = "part"
        who = self.instance(task, parent, role)
        if queued == "queued_token":
            # The token belongs to the task that offloads, so that one is in the queue.
            self.without_token.add(parent)
        else:
            self.add(self.now(), who, queued, -1, segment, parent)
        return who

    def at_work(self, who, kind, segment, function):
        """Runs the work on a worker thread, between records of its start and end."""
        with self.lock:
            self.working += 1
        self.local.who = who
        self.local.lane = self.lane(kind, threading.get_ident())
        self.take_token(self.instances[who][1])
        self.add(self.now(), who, "running", self.local.lane, segment)
        try:
            result = function()
        except BaseException:
            self.add(self.now(), who, "failed", -1, segment)
            raise
        else:
            self.add(self.now(), who, "done", -1, segment)
            return result
        finally:
            # The cause of the wake-up that this thread sends to the loop next.
            self.local.finished = who
            self.local.who = -1
            with self.rest:
                self.working -= 1
                self.rest.notify_all()

    def wait_for_threads(self):
        """Waits for all threads: some may still run work that no task awaits any more."""
        with self.rest:
            self.rest.wait_for(lambda: self.working == 0)

    def take_token(self, asker):
        with self.lock:
            if asker in self.without_token:
                self.without_token.discard(asker)
                self.add(self.now(), asker, "offloaded")

    def import_process(self, who, kind, key, log):
        """Adds the records of another process. The monotonic clock is the same in all."""
        lane = self.lane(kind, key)
        for at_ns, state, at_segment in log:
            holds = state not in ("printed", "responded", "done", "failed")
            where = lane if holds else -1
            self.add(at_ns - self.begin_ns, who, state, where, at_segment)


class ProcessPool:
    """A pool of processes, each of which records its own work."""

    def __init__(self, pool, recorder, role, queued, kind):
        self.pool = pool
        self.recorder = recorder
        self.role = role
        self.queued = queued
        self.kind = kind
        self.on_submit = lambda future: None

    def submit(self, function):
        recorder = self.recorder
        who = recorder.requested(function, self.role, self.queued)
        segment = recorder.functions[function.__name__][2]
        inner = self.pool.submit(in_process, function.__name__, segment)
        outer = concurrent.futures.Future()

        def unpack(inner):
            if inner.cancelled():
                recorder.add(recorder.now(), who, "cancelled", -1, segment)
                outer.cancel()
                return
            error = inner.exception()
            if error is None:
                pid, log, error = inner.result()
                recorder.import_process(who, self.kind, pid, log)
            recorder.local.finished = who
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


def in_process(name, segment):
    """Runs a function in a worker process. Returns the process, its records, the error."""
    import program

    import watch

    # A spawned worker has no recorder, so its records have no segments of their own.
    recorder = watch.RECORDER or Recorder({"lines": {}, "functions": {}}, "")
    recorder.records = []
    recorder.begin_ns = 0
    recorder.burning = set()
    recorder.local.who = recorder.local.lane = 0
    recorder.watch(program)
    error = None
    recorder.add(recorder.now(), 0, "running", 0, segment)
    try:
        getattr(program, name)()
        recorder.add(recorder.now(), 0, "done", 0, segment)
    except Exception as failure:
        error = str(failure)
        recorder.add(recorder.now(), 0, "failed", 0, segment)
    log = [(at, state, place) for at, _, state, _, place, _ in recorder.records]
    return os.getpid(), log, error


RECORDER = None
"""The recorder of this process; forked workers inherit it."""


class Watched(collections.abc.Coroutine):
    """A wrapper around a task's coroutine that records where each step ends."""

    def __init__(self, coroutine, loop, who, handler):
        self.coroutine = coroutine
        self.loop = loop
        self.who = who
        self.handler = handler
        self.state = "ready"
        self.segment = -1
        self.task = None

    def send(self, value):
        return self._step(self.coroutine.send, value)

    def throw(self, *exception):
        return self._step(self.coroutine.throw, *exception)

    def close(self):
        self.coroutine.close()

    def __await__(self):
        raise NotImplementedError("only a task runs a watched coroutine")

    def _step(self, resume, *arguments):
        recorder = self.loop.recorder
        local = recorder.local
        local.who, local.lane = self.who, self.loop.lane
        try:
            result = resume(*arguments)
        except StopIteration:
            self._ended("cancelled" if self.task._must_cancel else "done")
            raise
        except asyncio.CancelledError:
            self._ended("cancelled")
            raise
        except Exception:
            self._ended("failed")
            raise
        else:
            self.state, self.segment = self._stopped()
            with recorder.lock:
                if self.state == "offloaded" and self.who in recorder.without_token:
                    self.state = "queued_token"
                recorder.add(recorder.now(), self.who, self.state, -1, self.segment)
            return result
        finally:
            local.who = -1

    def _ended(self, state):
        recorder = self.loop.recorder
        self.state = state
        recorder.add(recorder.now(), self.who, state, -1, self.segment)

    def _stopped(self):
        """The state and segment of the innermost script line in the chain of awaits."""
        recorder = self.loop.recorder
        found = None
        coroutine = self.coroutine
        while coroutine is not None:
            frame = getattr(coroutine, "cr_frame", None)
            if frame is not None and frame.f_code.co_filename == recorder.filename:
                found = recorder.lines.get(frame.f_lineno, found)
            coroutine = getattr(coroutine, "cr_await", None)
        if found is None:
            return ("offloaded" if self.handler else "ready"), self.segment
        return found["waits"], found["segment"]


class WatchedLoop(asyncio.SelectorEventLoop):
    """CPython's selector loop, which records tasks that become ready, with their cause."""

    def __init__(self, recorder):
        self.recorder = recorder
        self.lane = recorder.lane("loop", 0)
        self.watched = {}
        self.outstanding = 0
        self.pools = {}
        self.waker = None
        super().__init__()
        self.set_task_factory(self._create)
        self.set_exception_handler(lambda loop, context: None)

    def _create(self, loop, coroutine, **options):
        named = self._name(coroutine)
        if named is None:
            return asyncio.Task(coroutine, loop=loop, **options)
        recorder = self.recorder
        task_index, segment, handler = named
        parent, _ = recorder.current()
        if parent < 0:
            role = "handler" if handler else "arrived"
        else:
            entry = recorder.line()
            role = entry["role"] if entry else "spawned"
        who = recorder.instance(task_index, parent, role)
        if handler:
            recorder.handlers.add(who)
        watched = Watched(coroutine, self, who, handler)
        watched.segment = segment
        recorder.add(recorder.now(), who, "ready", -1, segment, parent)
        watched.task = task = asyncio.Task(watched, loop=loop, **options)
        self.watched[task] = watched
        return task

    def _name(self, coroutine):
        code = getattr(coroutine, "cr_code", None)
        if code is None:
            return None
        name, handler = coroutine.__name__, False
        # FastAPI imports `run_in_threadpool`; the asyncio program defines its own.
        if code.co_filename != self.recorder.filename and self._work(coroutine) is None:
            return None
        if name == "run_in_threadpool" and name not in self.recorder.functions:
            name, handler = self._work(coroutine).__name__, True
        kind, task, segment = self.recorder.functions.get(name, (None, None, None))
        return (task, segment, handler) if kind == "task" else None

    def _work(self, coroutine):
        """The function that `run_in_threadpool` calls; None for other coroutines."""
        if coroutine.__name__ != "run_in_threadpool" or coroutine.cr_frame is None:
            return None
        variables = coroutine.cr_frame.f_locals
        return variables.get("work") or variables.get("func")

    # Wake-ups and their causes.

    def call_soon(self, callback, *arguments, context=None):
        task = getattr(callback, "__self__", None)
        watched = self.watched.get(task) if isinstance(task, asyncio.Task) else None
        if watched is not None and watched.state not in ("ready", "done", "failed", "cancelled"):
            recorder = self.recorder
            now = recorder.now()
            due, cause = self.waker or (now, recorder.current()[0])
            watched.state = "ready"
            recorder.without_token.discard(watched.who)
            recorder.add(min(due, now), watched.who, "ready", -1, watched.segment, cause)
        return super().call_soon(callback, *arguments, context=context)

    def call_at(self, when, callback, *arguments, context=None):
        due = int(when * 1e9) - self.recorder.begin_ns
        return super().call_at(when, self._woken, (due, -1), callback, arguments, context=context)

    def call_soon_threadsafe(self, callback, *arguments, context=None):
        finished = getattr(self.recorder.local, "finished", -1)
        waker = (self.recorder.now(), finished)
        return super().call_soon_threadsafe(
            self._woken, waker, callback, arguments, context=context
        )

    def _woken(self, waker, callback, arguments):
        self.waker = waker
        try:
            callback(*arguments)
        finally:
            self.waker = None

    # Work on threads and in processes.

    def run_in_executor(self, executor, function, *arguments):
        if isinstance(executor, ProcessPool):
            future = super().run_in_executor(executor, function, *arguments)
        else:
            if executor is None:
                role, queued, kind = "offloaded", "queued_executor", "executor"
                # `to_thread` passes `partial(context.run, function)`.
                function = function.args[0]
            else:
                role, queued, kind = "offloaded", "queued_token", "thread"
            recorder = self.recorder
            who = recorder.requested(function, role, queued)
            segment = recorder.functions[function.__name__][2]
            work = functools.partial(recorder.at_work, who, kind, segment, function)
            future = super().run_in_executor(executor, work)
            future.add_done_callback(functools.partial(self._dropped, who, segment))
        self.outstanding += 1
        future.add_done_callback(self._delivered)
        return future

    def _delivered(self, future):
        self.outstanding -= 1

    def _dropped(self, who, segment, future):
        """A cancelled wait removes its work from the queue, unless a thread has it."""
        if not future.cancelled():
            return
        recorder = self.recorder
        if not any(record[1] == who and record[2] == "running" for record in recorder.records):
            recorder.add(recorder.now(), who, "cancelled", -1, segment)

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


def replace_pools(program, recorder, loop):
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
            pool = ProcessPool(pool, recorder, role, queued, kind)
            if name == "jobs":
                pool.on_submit = loop.job_sent
            setattr(program, name, pool)
            pools.append(pool)
    threads = getattr(program, "threadpool", None)
    if threads is not None and hasattr(threads, "submit"):
        pools.append(threads)
    return pools


def result(recorder, ending, end_ns):
    """The content of `trace.json`."""
    states = sorted(recorder.records, key=lambda record: record[0])
    return {
        "instances": recorder.instances,
        "lanes": recorder.lanes,
        "records": states,
        "ending": ending,
        "end_ns": end_ns,
        "versions": {"Python": ".".join(map(str, sys.version_info[:3]))},
    }
