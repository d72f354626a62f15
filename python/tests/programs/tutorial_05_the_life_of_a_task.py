# One waits while the other runs, then they change.
# total 4s
# prints@ 0s A begins | 0s A waits | 1s B ends | 3s A goes on | 4s A ends
import asyncio

from loopscope import cpu


async def a():
    print("A begins")
    print("A waits")
    await asyncio.sleep(3)
    print("A goes on")
    cpu(1)
    print("A ends")


async def b():
    cpu(1)
    print("B ends")


async def main():
    await asyncio.gather(a(), b())


asyncio.run(main())
