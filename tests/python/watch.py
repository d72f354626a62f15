"""A program seen from outside: when its tasks print and how they end.

The program knows nothing of it and is run as it was exported: tasks are watched
through the loop's task factory, `print` and `respond` are replaced in the
program's globals.
"""

import asyncio
import collections.abc


class Watched(collections.abc.Coroutine):
    """A task's coroutine, passed through; sees the very step in which it ends."""

    def __init__(self, coroutine, record, name, number):
        self.coroutine = coroutine
        self.record = record
        self.name = name
        self.number = number
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
        try:
            return resume(*arguments)
        except StopIteration:
            # A task that cancelled itself in its last step ends as cancelled.
            self._ended("cancelled" if self.task._must_cancel else "done")
            raise
        except asyncio.CancelledError:
            self._ended("cancelled")
            raise
        except Exception:
            self._ended("failed")
            raise

    def _ended(self, outcome):
        self.record.add(self, "end", outcome)


class Record:
    """What the tasks of one program did, in order: `[time in ns, task, number, kind, text]`."""

    def __init__(self, filename, now_ns):
        self.filename = filename
        self.now_ns = now_ns
        self.events = []
        self.open = True
        self.created = []
        self.watched = {}
        self.counts = collections.Counter()

    def add(self, who, kind, text):
        if self.open:
            self.events.append([self.now_ns(), who.name, who.number, kind, text])

    def task_factory(self, loop, coroutine, **options):
        """Every task of the program but its `main` is watched."""
        name = self.name_of(coroutine)
        if name is None:
            task = asyncio.Task(coroutine, loop=loop, **options)
        else:
            self.counts[name] += 1
            who = Watched(coroutine, self, name, self.counts[name])
            who.task = task = asyncio.Task(who, loop=loop, **options)
            self.watched[task] = who
        self.created.append(task)
        return task

    def name_of(self, coroutine):
        if coroutine.cr_code.co_filename != self.filename:
            return None
        match coroutine.__name__:
            case "main":
                return None
            case "run_in_threadpool":
                return coroutine.cr_frame.f_locals["work"].__name__
            case name:
                return name

    def unfinished(self):
        return [
            [who.name, who.number]
            for task, who in self.watched.items()
            if not task.done()
        ]

    def print(self, *words):
        self.add_current("print", " ".join(map(str, words)))

    def respond(self):
        self.add_current("respond", "")

    def add_current(self, kind, text):
        """For the task at work; threads are not watched."""
        if asyncio._get_running_loop():
            self.add(self.watched[asyncio.current_task()], kind, text)
