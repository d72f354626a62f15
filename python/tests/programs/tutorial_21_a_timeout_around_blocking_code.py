# It fires as soon as the loop is free again, seven seconds late.
# total 10s
# prints@ 10s too slow
import asyncio
import time


async def main():
    try:
        async with asyncio.timeout(3):
            time.sleep(10)
            await asyncio.sleep(1)
    except TimeoutError:
        print("too slow")


asyncio.run(main())
