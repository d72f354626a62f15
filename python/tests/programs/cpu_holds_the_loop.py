# total 3s
# prints@ 2s late
# says line 13: computing holds the event loop 2s; others wait 1s in total
import asyncio

from loopscope import cpu


async def main():
    asyncio.get_running_loop().call_later(1, print, "late")
    task = asyncio.create_task(asyncio.sleep(1))
    await asyncio.sleep(0)
    cpu(2)
    await task
    await asyncio.sleep(1)


asyncio.run(main())
