"""One server process: the exported app under uvicorn, recorded by the watcher.

`server.py FOLDER NUMBER SOCKET` serves on an inherited socket until SIGTERM and
writes `trace-NUMBER.json`. All processes use the system's monotonic clock. Each
request is an instance. Work on AnyIO's threads is recorded at `run_sync`.
"""

import asyncio
import functools
import gc
import inspect
import signal
import socket
import sys


def main():
    folder, number, handle = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    sys.path.insert(0, folder)
    import fastapi
    from loop import WatchedLoop, replace_pools
    import program
    import script
    import uvicorn
    import watch

    # After a clean shutdown uvicorn raises the signal again, which must not end the process
    # before its trace is written.
    signal.signal(signal.SIGTERM, lambda number, frame: None)
    watch.WATCHER = watcher = watch.RealWatcher(script.begin(folder), program.__file__, number)
    watcher.begin_ns = 0
    watcher.replace_functions(program)
    watch_threads(watcher)
    loop = WatchedLoop(watcher)
    # A server that waits for requests is not in a deadlock.
    loop.outstanding = 1
    pools = replace_pools(program, watcher, loop)

    class Server(uvicorn.Server):
        async def startup(self, sockets=None):
            await super().startup(sockets)
            await warm(program.app)
            print("ready", flush=True)

    server = Server(uvicorn.Config(WatchedApp(program, watcher), log_level="critical"))
    asyncio.set_event_loop(loop)
    with watcher.watching():
        loop.run_until_complete(server.serve([socket.socket(fileno=handle)]))
    for pool in pools:
        pool.shutdown(wait=True)
    watcher.wait_for_threads()
    result = script.result(watcher, "finished", None)
    result["versions"] |= {"FastAPI": fastapi.__version__, "uvicorn": uvicorn.__version__}
    script.write_result(folder, f"trace-{number}.json", result)


async def warm(app):
    """Sends a request without a route, so that one-time initialisation happens now."""
    import anyio

    scope = {"type": "http", "http_version": "1.1", "method": "GET", "scheme": "http"}
    scope |= {"path": "/", "raw_path": b"/", "root_path": "", "query_string": b"", "headers": []}

    async def receive():
        return {"type": "http.request", "body": b""}

    async def send(message):
        pass

    await app(scope, receive, send)
    # AnyIO loads what it needs for asyncio at its first use.
    await anyio.sleep(0)
    # Collect what the imports left; otherwise the collector does so during a request.
    gc.collect()


def watch_threads(watcher):
    """Wraps `run_sync`, which all work on threads calls: `run_in_threadpool`, `def`
    handlers and background tasks.
    """
    import anyio.to_thread

    original = anyio.to_thread.run_sync

    async def run_sync(function, *arguments, **options):
        named = watcher.program.function_in(function)
        if named is None:
            return await original(function, *arguments, **options)
        instance = watcher.requested(named, "offloaded", "queued_token")
        work = functools.partial(function, *arguments)
        return await original(
            functools.partial(watcher.at_work, instance, "thread", work), **options
        )

    anyio.to_thread.run_sync = run_sync


class WatchedApp:
    """A wrapper around the app; each request is an instance of its route's task."""

    def __init__(self, program, watcher):
        self.program = program
        self.watcher = watcher

    async def __call__(self, scope, receive, send):
        watcher = self.watcher
        name = scope.get("path", "").removeprefix("/")
        # Not a route of the script: the lifespan protocol, or a warm-up request.
        if scope["type"] != "http" or name not in watcher.program.functions:
            await self.program.app(scope, receive, send)
            return
        request = watcher.new_instance(name, -1, "arrived", None)
        if not inspect.iscoroutinefunction(getattr(self.program, name)):
            watcher.handlers.add(request.number)

        async def tell(message):
            await send(message)
            if message["type"] == "http.response.body" and not message.get("more_body"):
                watcher.mark("responded", None)

        with watcher.inside_task(request):
            await self.program.app(scope, receive, tell)


if __name__ == "__main__":
    main()
