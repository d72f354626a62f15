# The longer of the two.
# total 5s
# prints@ 3s fetched | 5s crunched
import asyncio
from concurrent.futures import ProcessPoolExecutor


def crunch():  # cpu 5s
    return 42


async def fetch():
    await asyncio.sleep(3)
    print("fetched")


async def main():
    loop = asyncio.get_running_loop()
    with ProcessPoolExecutor() as pool:
        await asyncio.gather(loop.run_in_executor(pool, crunch), fetch())
    print("crunched")


asyncio.run(main())
