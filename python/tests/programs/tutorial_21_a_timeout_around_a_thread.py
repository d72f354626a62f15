# The thread runs on, and asyncio.run waits for it.
# total 10s
# prints@ 3s too slow | 10s the thread is done
import asyncio
import time


def work():
    time.sleep(10)
    print("the thread is done")


async def main():
    try:
        async with asyncio.timeout(3):
            await asyncio.to_thread(work)
    except TimeoutError:
        print("too slow")


asyncio.run(main())
