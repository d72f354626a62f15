# total 3s
# prints@ 3s too slow
import asyncio


async def main():
    try:
        async with asyncio.timeout(3):
            await asyncio.sleep(10)
    except TimeoutError:
        print("too slow")


asyncio.run(main())
