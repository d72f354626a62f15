# total 3s
# prints@ 2s in a thread 7 | 3s main
import asyncio


async def f():
    await asyncio.sleep(2)
    return 7


def work():
    print("in a thread", asyncio.run(f()))


async def main():
    await asyncio.gather(asyncio.to_thread(work), asyncio.sleep(3))
    print("main")


asyncio.run(main())
