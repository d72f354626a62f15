"""A small program with everything that the trace of a program can hold.

In this folder: `loopscope run program.py --requests "2 GET /" --trace program.json`
"""

import asyncio
import sys
import time


class Kitchen:
    async def cook(self, lock):
        async with lock:
            time.sleep(2)
            print("파스타", file=sys.stderr)


async def fails():
    await asyncio.sleep(1)
    raise ValueError("burnt")


async def main():
    lock = asyncio.Lock()
    spoiled = asyncio.create_task(fails())
    await asyncio.gather(Kitchen().cook(lock), Kitchen().cook(lock))
    await asyncio.to_thread(time.sleep, 1)
    breakpoint()


async def app(scope, receive, send):
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"pong"})


asyncio.run(main())
