"""Runs an exported FastAPI app and its client once, and records the run.

`fastapi_main.py FOLDER` starts the number of server processes in `plan.json`. They
share one loopback socket, as uvicorn's own workers do. Each writes a trace. They are
merged to `trace.json`, whose time starts with the first request.
"""

import asyncio
import json
import os
import socket
import subprocess
import sys
import time


def main():
    folder = sys.argv[1]
    sys.path.insert(0, folder)
    import script

    plan = script.begin(folder)
    listener = socket.create_server(("127.0.0.1", 0), backlog=2048)
    listener.set_inheritable(True)
    servers = [start(folder, listener, number) for number in range(plan["servers"])]
    for server in servers:
        if server.stdout.readline() != b"ready\n":
            sys.exit("a server process did not start")
    import httpx
    import program

    begin_ns = time.monotonic_ns()
    Plain = httpx.AsyncClient

    class Client(httpx.AsyncClient):
        """A client that starts the clock when it is ready to send requests."""

        async def __aenter__(self):
            nonlocal begin_ns
            client = await super().__aenter__()
            # Another client's request first, so that httpx has loaded its modules.
            async with Plain(base_url=self.base_url, timeout=None) as other:
                await other.get("/")
            begin_ns = time.monotonic_ns()
            return client

    httpx.AsyncClient = Client
    asyncio.run(program.main(f"http://127.0.0.1:{listener.getsockname()[1]}"))
    for server in servers:
        server.terminate()
    for server in servers:
        server.wait()
    traces = [read(folder, number) for number in range(len(servers))]
    script.write_result(folder, "trace.json", merged(traces, begin_ns))


def start(folder, listener, number):
    arguments = [os.path.join(folder, "server.py"), folder, str(number), str(listener.fileno())]
    return subprocess.Popen(
        [sys.executable, "-I", "-B", *arguments],
        pass_fds=[listener.fileno()],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
    )


def read(folder, number):
    with open(os.path.join(folder, f"trace-{number}.json"), encoding="utf-8") as file:
        return json.load(file)


def merged(traces, begin_ns):
    """Merges the servers' traces. Instances are in the order of their first record."""
    firsts = []
    for number, trace in enumerate(traces):
        first = {}
        for at, who, *_ in trace["records"]:
            first.setdefault(who, at)
        count = len(trace["instances"])
        firsts += [(first.get(who, begin_ns), number, who) for who in range(count)]
    places = {(number, who): place for place, (_, number, who) in enumerate(sorted(firsts))}
    instances = [None] * len(places)
    lanes, records = [], []
    for number, trace in enumerate(traces):
        lane_base = len(lanes)
        lanes += trace["lanes"]
        place = lambda who: places.get((number, who), -1)
        for who, (task, parent, role, server) in enumerate(trace["instances"]):
            instances[place(who)] = [task, place(parent), role, server]
        for at, who, state, lane, segment, cause in trace["records"]:
            lane = lane + lane_base if lane >= 0 else -1
            records.append([at - begin_ns, place(who), state, lane, segment, place(cause)])
    return {
        "instances": instances,
        "lanes": lanes,
        "records": sorted(records, key=lambda record: record[0]),
        "ending": "finished",
        "end_ns": None,
        "versions": traces[0]["versions"],
    }


if __name__ == "__main__":
    main()
