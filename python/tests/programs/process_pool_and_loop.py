# total 2s
# prints@ 1s tick | 2s done
import asyncio
from concurrent.futures import ProcessPoolExecutor

from loopscope import cpu


async def tick():
    await asyncio.sleep(1)
    print("tick")


async def main():
    loop = asyncio.get_running_loop()
    with ProcessPoolExecutor() as pool:
        await asyncio.gather(tick(), loop.run_in_executor(pool, cpu, 2))
    print("done")


asyncio.run(main())
