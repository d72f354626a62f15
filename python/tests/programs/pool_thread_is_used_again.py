# total 2s
# prints@ 1s 1 | 2s 2
# says 2 calls on threads
import asyncio
import time
from concurrent.futures import ThreadPoolExecutor


def work(n):
    time.sleep(1)
    print(n)


async def main():
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(1) as pool:
        await asyncio.gather(*(loop.run_in_executor(pool, work, n) for n in (1, 2)))


asyncio.run(main())
