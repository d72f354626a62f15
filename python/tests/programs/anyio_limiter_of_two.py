# needs anyio
# total 2s
import time

import anyio


async def main():
    limiter = anyio.CapacityLimiter(2)
    async with anyio.create_task_group() as group:
        for _ in range(4):
            group.start_soon(lambda: anyio.to_thread.run_sync(time.sleep, 1, limiter=limiter))


anyio.run(main)
