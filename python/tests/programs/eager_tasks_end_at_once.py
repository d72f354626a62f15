# from 3.12
# total 4s
# prints@ 0s before | 1s quick | 2s between | 4s after
# ends quick done, slow done, fails failed
import asyncio
import time


async def quick():
    time.sleep(1)
    print("quick")


async def slow():
    time.sleep(1)
    await asyncio.sleep(2)


async def fails():
    raise ValueError("at once")


async def main():
    asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
    print("before")
    tasks = [asyncio.create_task(work()) for work in (quick, slow, fails)]
    print("between")
    await asyncio.gather(*tasks, return_exceptions=True)
    print("after")


asyncio.run(main())
