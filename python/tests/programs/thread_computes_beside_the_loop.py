# The GIL is shared: a second each takes two together.
# total 2s
import asyncio

from loopscope import cpu


async def main():
    thread = asyncio.create_task(asyncio.to_thread(cpu, 1))
    await asyncio.sleep(0)
    cpu(1)
    await thread


asyncio.run(main())
