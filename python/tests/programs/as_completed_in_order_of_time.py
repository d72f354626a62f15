# total 3s
# prints@ 1s 1 | 2s 2 | 3s 3
import asyncio


async def f(n):
    await asyncio.sleep(n)
    return n


async def main():
    for first in asyncio.as_completed([f(3), f(1), f(2)]):
        print(await first)


asyncio.run(main())
