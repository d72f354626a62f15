"""The event loop and the process pools of a real run.

The loop knows what the watcher cannot see: when a timer was due or a thread was done, and which
work is still under way on threads and in other processes.
"""

import asyncio
import concurrent.futures
import functools
import os

import watch

from loopscope.endings import Deadlock

DELIVERY_SECONDS = 1.0
"""How long the result of a job may take to reach the loop."""


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

    # A spawned worker has no watcher, so its records have no segments of their own.
    watcher = watch.WATCHER or watch.RealWatcher({"lines": {}, "functions": {}}, "")
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
