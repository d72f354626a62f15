# total 3s
# prints@ 1s tick | 2s tick | 3s thread
import asyncio
import time


async def ticks():
    for _ in range(2):
        await asyncio.sleep(1)
        print("tick")


async def main():
    await asyncio.gather(ticks(), asyncio.to_thread(time.sleep, 3))
    print("thread")


asyncio.run(main())
