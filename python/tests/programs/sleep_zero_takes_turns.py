# total 0s
# prints a 0 | b 0 | a 1 | b 1 | a 2 | b 2
import asyncio


async def f(name):
    for number in range(3):
        print(name, number)
        await asyncio.sleep(0)


async def main():
    await asyncio.gather(f("a"), f("b"))


asyncio.run(main())
