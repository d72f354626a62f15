# total 10s
# prints 1000
import asyncio


async def f(n):
    await asyncio.sleep(n % 10 + 1)
    return 1


async def main():
    print(sum(await asyncio.gather(*(f(n) for n in range(1000)))))


asyncio.run(main())
