# total 2s
# prints@ 2s too slow
import asyncio


async def main():
    try:
        async with asyncio.timeout(2):
            await asyncio.sleep(10)
    except TimeoutError:
        print("too slow")


asyncio.run(main())
