# total 2s
# prints@ 1s name? | 1s Ada | 2s tick
# with input Ada
import asyncio


async def ticker():
    await asyncio.sleep(2)
    print("tick")


async def main():
    task = asyncio.create_task(ticker())
    await asyncio.sleep(0)
    input("name?\n")
    await task


asyncio.run(main())
