# A thread cannot be ended: `asyncio.run` waits for it.
# total 5s
# prints@ 1s TimeoutError | 5s thread is over
import asyncio
import time


def work():
    time.sleep(5)
    print("thread is over")


async def main():
    try:
        await asyncio.wait_for(asyncio.to_thread(work), 1)
    except TimeoutError:
        print("TimeoutError")


asyncio.run(main())
