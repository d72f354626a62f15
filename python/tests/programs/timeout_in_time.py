# total 1s
# prints@ 1s in time
import asyncio


async def main():
    async with asyncio.timeout(2):
        await asyncio.sleep(1)
    print("in time")


asyncio.run(main())
