# total 1s
# prints 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7
import asyncio


async def f(number):
    await asyncio.sleep(1)
    print(number)


async def main():
    await asyncio.gather(*(f(number) for number in range(8)))


asyncio.run(main())
