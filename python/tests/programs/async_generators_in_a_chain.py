# total 3s
# prints@ 1s 0 | 2s 1 | 3s 4
# ends main done
import asyncio


async def numbers(count):
    for number in range(count):
        await asyncio.sleep(1)
        yield number


async def squares(stream):
    async for number in stream:
        yield number * number


async def main():
    async for square in squares(numbers(3)):
        print(square)


asyncio.run(main())
