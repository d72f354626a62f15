# total 2s
# prints@ 1s a | 2s b
import asyncio


async def f(name):
    await asyncio.sleep(1)
    print(name)


asyncio.run(f("a"))
asyncio.run(f("b"))
