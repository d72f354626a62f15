# total 3s
# prints@ 1s caught boom | 3s slow goes on
# ends bad failed, slow done
import asyncio


async def bad():
    await asyncio.sleep(1)
    raise ValueError("boom")


async def slow():
    await asyncio.sleep(3)
    print("slow goes on")


async def main():
    task = asyncio.create_task(slow())
    try:
        await asyncio.gather(bad(), task)
    except ValueError as error:
        print("caught", error)
    await task


asyncio.run(main())
