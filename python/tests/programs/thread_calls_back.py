# total 2s
# prints@ 1s from the thread | 2s over
import asyncio
import time


def work(loop, event):
    time.sleep(1)
    loop.call_soon_threadsafe(event.set)
    time.sleep(1)


async def main():
    event = asyncio.Event()
    future = asyncio.get_running_loop().run_in_executor(
        None, work, asyncio.get_running_loop(), event
    )
    await event.wait()
    print("from the thread")
    await future
    print("over")


asyncio.run(main())
