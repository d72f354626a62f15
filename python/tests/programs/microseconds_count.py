# total 250µs
# prints 0.00025
import asyncio
import time


async def main():
    begin = time.perf_counter()
    await asyncio.sleep(0.00025)
    print(round(time.perf_counter() - begin, 9))


asyncio.run(main())
