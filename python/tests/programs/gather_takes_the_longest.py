# total 3s
# prints@ 1s a | 3s b | 3s ['a', 'b']
import asyncio


async def f(name, seconds):
    await asyncio.sleep(seconds)
    print(name)
    return name


async def main():
    print(await asyncio.gather(f("a", 1), f("b", 3)))


asyncio.run(main())
