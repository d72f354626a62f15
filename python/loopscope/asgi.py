"""An ASGI app is found in the program and called, without a server and without sockets.

A request is a task. It arrives, the app handles it, and its latency ends with the last part
of its answer; what the app does after that is a background task. Path, method, count and
arrival come from a load such as `100 GET /ping every 10ms`.

# What this leaves out

- Parsing of HTTP, the connection, and what a server adds: requests of one instant all begin
  at once, in their order.
"""

import asyncio
import inspect
import json
import re
from dataclasses import dataclass
from typing import Any

from . import durations
from .durations import SECOND
from .machine import Machine
from .sources import Program
from .watcher import Watcher

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "WEBSOCKET")

COUNT_MAX = 100_000
"""Requests of one load."""

_LOAD = re.compile(
    rf"""(?:(?P<count>\d+)\s+)?
    (?P<method>{"|".join(METHODS)})\s+(?P<path>/\S*)
    (?:\s+(?P<body>[\[{{"].*?[\]}}"]))?
    (?:\s+every\s+(?P<every>\S+))?
    (?:\s+from\s+(?P<start>\S+))?
    (?:\s+within\s+(?P<within>\S+))?\s*$""",
    re.VERBOSE | re.IGNORECASE,
)


@dataclass
class Load:
    """Requests to one path."""

    count: int
    method: str
    path: str
    body: bytes = b""
    every_ns: int = 0
    start_ns: int = 0
    #: How long a client waits before it gives up.
    within_ns: int | None = None


@dataclass
class Response:
    """What became of one request."""

    route: str
    status: int | None = None
    latency_ns: int | None = None
    body: bytes = b""


def parse_load(text: str) -> Load:
    """E.g. `100 GET /ping every 10ms`. Raises ValueError with words."""
    match = _LOAD.match(text.strip())
    if match is None:
        raise ValueError(
            f'`{text}` is no load; write e.g. `100 GET /ping` or `10 POST /items {{"a": 1}} every 1s`'
        )
    count = int(match["count"] or 1)
    if count > COUNT_MAX:
        raise ValueError(f"{count:,} requests are more than {COUNT_MAX:,}, the limit")
    return Load(
        count,
        match["method"].upper(),
        match["path"],
        (match["body"] or "").encode(),
        durations.parse(match["every"]) if match["every"] else 0,
        durations.parse(match["start"]) if match["start"] else 0,
        durations.parse(match["within"]) if match["within"] else None,
    )


def loads_of(program: Program) -> list[tuple[int, str]]:
    """The loads in the program's comments, with their lines: `# run 100 GET /ping`."""
    found = []
    for line, comment in sorted(program.comments.items()):
        match = re.match(r"#\s*run\s+((?:\d+\s+)?[A-Za-z]+\s+/.*)", comment)
        if match and match[1].split()[-1]:
            found.append((line, match[1]))
    return found


def find_app(names: dict[str, Any]) -> Any:
    """The ASGI app among a module's names; None if there is none."""
    order = [names[name] for name in ("app", "application", "api") if name in names]
    for value in [*order, *names.values()]:
        if is_app(value):
            return value
    return None


def is_app(value: Any) -> bool:
    if inspect.isclass(value) or inspect.ismodule(value):
        return False
    call = value if inspect.iscoroutinefunction(value) else getattr(type(value), "__call__", None)
    if not inspect.iscoroutinefunction(call):
        return False
    parameters = [name for name in inspect.signature(call).parameters if name != "self"]
    return parameters[:3] == ["scope", "receive", "send"]


def default_loads(app: Any) -> list[str]:
    """One request for each route without parameters."""
    loads = []
    for route in getattr(app, "routes", []):
        path, methods = getattr(route, "path", ""), getattr(route, "methods", None) or ()
        is_own = getattr(route, "include_in_schema", True) and "{" not in path
        if is_own and "GET" in methods:
            loads.append(f"1 GET {path}")
    return loads


class Client:
    """Sends the loads to the app."""

    def __init__(self, app: Any, machine: Machine, watcher: Watcher) -> None:
        self.app = app
        self.machine = machine
        self.watcher = watcher
        self.responses: list[Response] = []

    async def run(self, loads: list[Load]) -> None:
        """From the app's start to its shutdown. Background tasks are waited for."""
        startup = _Lifespan(self.app)
        await startup.begin()
        begin_ns = self.machine.now()
        sending = [asyncio.create_task(self._send(load, begin_ns)) for load in loads]
        for task in sending:
            await task
        await startup.end()

    async def _send(self, load: Load, begin_ns: int) -> None:
        loop = asyncio.get_running_loop()
        requests = []
        for number in range(load.count):
            at_ns = begin_ns + load.start_ns + number * load.every_ns
            if at_ns > self.machine.now():
                await asyncio.sleep((at_ns - self.machine.now()) / SECOND)
            response = Response(f"{load.method} {load.path}")
            self.responses.append(response)
            task = loop.create_task(self._request(load, response, self.machine.now()))
            # An eager one may be over.
            instance = self.watcher.created
            instance.hidden = False
            instance.name = handler_name(self.app, load)
            instance.parent, instance.role = -1, "arrived"
            requests.append(task)
        for task in requests:
            await task

    async def _request(self, load: Load, response: Response, began_ns: int) -> None:
        call = self._websocket if load.method == "WEBSOCKET" else self._http
        if load.within_ns is None:
            await call(load, response, began_ns)
            return
        try:
            async with asyncio.timeout(load.within_ns / SECOND):
                await call(load, response, began_ns)
        except TimeoutError:
            # The client gave up.
            pass

    async def _http(self, load: Load, response: Response, began_ns: int) -> None:
        body: list[bytes] | None = [load.body]
        answered = asyncio.Event()

        async def receive() -> dict[str, Any]:
            nonlocal body
            if body is not None:
                message = {"type": "http.request", "body": b"".join(body), "more_body": False}
                body = None
                return message
            # The next message would be the end of the connection.
            await answered.wait()
            return {"type": "http.disconnect"}

        async def send(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                response.status = message["status"]
            elif message["type"] == "http.response.body":
                response.body += message.get("body", b"")
                if not message.get("more_body"):
                    response.latency_ns = self.machine.now() - began_ns
                    self.watcher.mark("responded", None)
                    answered.set()

        try:
            await self.app(_scope("http", load), receive, send)
        except Exception as error:
            if response.status is None:
                response.status = 500
            self._on_error(error)

    async def _websocket(self, load: Load, response: Response, began_ns: int) -> None:
        """Connects, sends the body as one text if there is one, and reads until the app closes."""
        incoming: list[dict[str, Any]] = [{"type": "websocket.connect"}]
        if load.body:
            incoming.append({"type": "websocket.receive", "text": load.body.decode()})
        incoming.append({"type": "websocket.disconnect", "code": 1000})

        async def receive() -> dict[str, Any]:
            return incoming.pop(0) if len(incoming) > 1 else incoming[0]

        async def send(message: dict[str, Any]) -> None:
            if message["type"] == "websocket.accept":
                response.status = 101
            elif message["type"] == "websocket.send":
                response.body += (message.get("text") or "").encode() or message.get("bytes") or b""
                response.latency_ns = self.machine.now() - began_ns
            elif message["type"] == "websocket.close":
                response.latency_ns = self.machine.now() - began_ns

        try:
            await self.app(_scope("websocket", load), receive, send)
        except Exception as error:
            self._on_error(error)

    def _on_error(self, error: Exception) -> None:
        loop = asyncio.get_running_loop()
        message = "the app failed"
        loop.call_exception_handler({"message": message, "exception": error})


def handler_name(app: Any, load: Load) -> str:
    """The function that answers, e.g. `read_item`; else the path."""
    path = load.path.partition("?")[0]
    for route in getattr(app, "routes", []):
        pattern = getattr(route, "path_regex", None)
        methods = getattr(route, "methods", None)
        if pattern is not None and pattern.match(path) and (not methods or load.method in methods):
            endpoint = getattr(route, "endpoint", None)
            if getattr(endpoint, "__name__", None):
                return endpoint.__name__
    return f"{load.method} {path}"


def _scope(kind: str, load: Load) -> dict[str, Any]:
    path, _, query = load.path.partition("?")
    headers = [(b"host", b"testserver"), (b"user-agent", b"loopscope")]
    if load.body:
        headers.append((b"content-length", str(len(load.body)).encode()))
        if _is_json(load.body):
            headers.append((b"content-type", b"application/json"))
    scope = {
        "type": kind,
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "scheme": "http" if kind == "http" else "ws",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": headers,
        "client": ("testclient", 50_000),
        "server": ("testserver", 80),
    }
    if kind == "http":
        scope["method"] = load.method
    else:
        scope["subprotocols"] = []
    return scope


def _is_json(body: bytes) -> bool:
    try:
        json.loads(body)
    except ValueError:
        return False
    return True


class _Lifespan:
    """Startup and shutdown of the app. An app without them says so by an exception."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.incoming: asyncio.Queue = asyncio.Queue()
        self.answers: asyncio.Queue = asyncio.Queue()
        self.task: asyncio.Task | None = None

    async def begin(self) -> None:
        scope = {"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}
        self.task = asyncio.create_task(self._run(scope))
        await self.incoming.put({"type": "lifespan.startup"})
        await self._answer()

    async def end(self) -> None:
        if self.task is not None and not self.task.done():
            await self.incoming.put({"type": "lifespan.shutdown"})
            await self._answer()
            await self.task

    async def _run(self, scope: dict[str, Any]) -> None:
        try:
            await self.app(scope, self.incoming.get, self.answers.put)
        except Exception:
            # The app does not know the protocol, or its startup failed; the requests tell.
            pass
        finally:
            await self.answers.put({"type": "over"})

    async def _answer(self) -> None:
        message = await self.answers.get()
        if message["type"].endswith(".failed"):
            raise RuntimeError(f"the app did not start: {message.get('message', '')}")
