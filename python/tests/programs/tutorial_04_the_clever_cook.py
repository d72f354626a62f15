# Not "about 10 s": the noodles need the boiled water.
# total 13s
# prints@ 2s toast | 13s noodles
import asyncio


async def boil():
    await asyncio.sleep(5)


async def noodles():
    await boil()
    await asyncio.sleep(8)
    print("noodles")


async def toast():
    await asyncio.sleep(2)
    print("toast")


async def main():
    await asyncio.gather(noodles(), toast())


asyncio.run(main())
