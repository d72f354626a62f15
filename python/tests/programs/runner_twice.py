# total 3s
# prints@ 1s 1 | 3s 2
import asyncio


async def f(n):
    await asyncio.sleep(n)
    print(n)


with asyncio.Runner() as runner:
    runner.run(f(1))
    runner.run(f(2))
