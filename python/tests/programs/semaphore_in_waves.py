# total 4s
# prints 10
import asyncio

finished = []


async def f(n, permits):
    async with permits:
        await asyncio.sleep(1)
        finished.append(n)


async def main():
    permits = asyncio.Semaphore(3)
    await asyncio.gather(*(f(n, permits) for n in range(10)))
    print(len(finished))


asyncio.run(main())
