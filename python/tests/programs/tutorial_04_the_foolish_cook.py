# total 15s
import asyncio


async def boil():
    await asyncio.sleep(5)


async def noodles():
    await asyncio.sleep(8)


async def toast():
    await asyncio.sleep(2)


async def main():
    await boil()
    await noodles()
    await toast()


asyncio.run(main())
