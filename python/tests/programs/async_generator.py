# total 3s
# prints@ 1s 0 | 2s 1 | 3s 2
import asyncio


async def ticks(count):
    for number in range(count):
        await asyncio.sleep(1)
        yield number


async def main():
    async for number in ticks(3):
        print(number)


asyncio.run(main())
