# Floats of 0.1 + 0.2 and 0.3 differ, their nanoseconds do not.
# total 300ms
# prints one step | two steps
import asyncio


async def two():
    await asyncio.sleep(0.1)
    await asyncio.sleep(0.2)
    print("two steps")


async def one():
    await asyncio.sleep(0.3)
    print("one step")


async def main():
    first = asyncio.create_task(two())
    await asyncio.sleep(0)
    await asyncio.gather(one(), first)


asyncio.run(main())
