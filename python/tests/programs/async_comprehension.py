# total 3s
# prints [0, 2, 4]
import asyncio


async def numbers():
    for number in range(3):
        await asyncio.sleep(1)
        yield number


async def main():
    print([2 * number async for number in numbers()])


asyncio.run(main())
