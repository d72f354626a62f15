# total 3s
# prints@ 3s a | 3s b | 3s c
import asyncio


async def f(name, seconds, barrier):
    await asyncio.sleep(seconds)
    async with barrier:
        pass


async def main():
    barrier = asyncio.Barrier(3)
    await asyncio.gather(*(f(n, s, barrier) for n, s in (("a", 1), ("b", 2), ("c", 3))))
    for name in "abc":
        print(name)


asyncio.run(main())
