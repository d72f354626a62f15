# total 2s
# prints 10000
import asyncio


async def f():
    await asyncio.sleep(1)
    await asyncio.sleep(1)


async def main():
    print(len(await asyncio.gather(*[f() for _ in range(10_000)])))


asyncio.run(main())
