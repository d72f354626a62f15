"""One server process: the exported app under uvicorn, recorded by the watcher.

`server.py FOLDER NUMBER SOCKET` serves on an inherited socket until SIGTERM and
writes `trace-NUMBER.json`. All processes use the system's monotonic clock. Each
request is an instance. Work on AnyIO's threads is recorded at `run_sync`.
"""

import asyncio
import functools
import gc
import inspect
import json
import os
import signal
import socket
import sys


def main():
    folder, number, handle = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    sys.path.insert(0, folder)
    import fastapi
    import program
    import uvicorn
    import watch

    # After a clean shutdown uvicorn raises the signal again, which must not end the process
    # before its trace is written.
    signal.signal(signal.SIGTERM, lambda number, frame: None)
    with open(os.path.join(folder, "plan.json"), encoding="utf-8") as file:
        plan = json.load(file)
    watch.RECORDER = recorder = watch.Recorder(plan, program.__file__, number)
    recorder.begin_ns = 0
    recorder.watch(program)
    watch_threads(recorder)
    loop = watch.WatchedLoop(recorder)
    # A server that waits for requests is not in a deadlock.
    loop.outstanding = 1
    pools = watch.replace_pools(program, recorder, loop)

    class Server(uvicorn.Server):
        async def startup(self, sockets=None):
            await super().startup(sockets)
            await warm(program.app)
            print("ready", flush=True)

    app = WatchedApp(program, recorder, loop, watch.Watched)
    server = Server(uvicorn.Config(app, log_level="critical"))
    asyncio.set_event_loop(loop)
    loop.run_until_complete(server.serve([socket.socket(fileno=handle)]))
    for pool in pools:
        pool.shutdown(wait=True)
    recorder.wait_for_threads()
    result = watch.result(recorder, "finished", None)
    result["versions"] |= {"FastAPI": fastapi.__version__, "uvicorn": uvicorn.__version__}
    with open(os.path.join(folder, f"trace-{number}.json"), "w", encoding="utf-8") as file:
        json.dump(result, file)


async def warm(app):
    """Sends a request without a route, so that one-time initialisation happens now."""
    scope = {"type": "http", "http_version": "1.1", "method": "GET", "scheme": "http"}
    scope |= {"path": "/", "raw_path": b"/", "root_path": "", "query_string": b"", "headers": []}

    async def receive():
        return {"type": "http.request", "body": b""}

    async def send(message):
        pass

    await app(scope, receive, send)
    # Collect what the imports left; otherwise the collector does so during a request.
    gc.collect()


def watch_threads(recorder):
    """Wraps `run_sync`, which all work on threads calls: `run_in_threadpool`, `def`
    handlers and background tasks.
    """
    import anyio.to_thread

    original = anyio.to_thread.run_sync

    async def run_sync(function, *arguments, **options):
        named = of_script(function, recorder.functions)
        if named is None:
            return await original(function, *arguments, **options)
        who = recorder.requested(named, "offloaded", "queued_token")
        segment = recorder.functions[named.__name__][2]
        work = functools.partial(function, *arguments)
        return await original(
            functools.partial(recorder.at_work, who, "thread", segment, work), **options
        )

    anyio.to_thread.run_sync = run_sync


def of_script(function, known):
    """The script's function inside FastAPI's wrappers; None for FastAPI's own work."""
    while True:
        if getattr(function, "__module__", "") == "program" and function.__name__ in known:
            return function
        if not isinstance(function, functools.partial):
            return None
        for value in (*function.args, *function.keywords.values()):
            if callable(value) and of_script(value, known) is not None:
                return of_script(value, known)
        function = function.func


class WatchedApp:
    """A wrapper around the app; each request is an instance of its route's task."""

    def __init__(self, program, recorder, loop, watched):
        self.program = program
        self.recorder = recorder
        self.loop = loop
        self.watched = watched

    async def __call__(self, scope, receive, send):
        recorder = self.recorder
        name = scope.get("path", "").removeprefix("/")
        # Not a route of the script: the lifespan protocol, or a warm-up request.
        if scope["type"] != "http" or name not in recorder.functions:
            await self.program.app(scope, receive, send)
            return
        _, task, segment = recorder.functions[name]
        handler = not inspect.iscoroutinefunction(getattr(self.program, name))
        who = recorder.instance(task, -1, "handler" if handler else "arrived")
        if handler:
            recorder.handlers.add(who)
        recorder.add(recorder.now(), who, "ready", -1, segment)

        async def tell(message):
            await send(message)
            if message["type"] == "http.response.body" and not message.get("more_body"):
                recorder.add(recorder.now(), who, "responded", -1, segment)

        coroutine = self.program.app(scope, receive, tell)
        watched = self.watched(coroutine, self.loop, who, handler)
        watched.segment = segment
        watched.task = asyncio.current_task()
        self.loop.watched[watched.task] = watched
        await Call(watched)


class Call:
    """Awaits a watched coroutine inside the existing task, which uvicorn made."""

    def __init__(self, watched):
        self.watched = watched

    def __await__(self):
        resume, argument = self.watched.send, None
        while True:
            try:
                future = resume(argument)
            except StopIteration:
                return
            try:
                argument = yield future
                resume = self.watched.send
            except BaseException as error:
                resume, argument = self.watched.throw, error


if __name__ == "__main__":
    main()
