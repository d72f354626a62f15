# total 3s
# prints@ 3s [[1, 2], 3]
# ends f done
import asyncio


async def f(seconds):
    await asyncio.sleep(seconds)
    return seconds


async def main():
    print(await asyncio.gather(asyncio.gather(f(1), f(2)), f(3)))


asyncio.run(main())
