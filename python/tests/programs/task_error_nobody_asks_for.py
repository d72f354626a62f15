# total 1s
# prints main is over
# error ValueError line 7: boom
import asyncio


async def bad(): raise ValueError("boom")


async def main():
    asyncio.create_task(bad())
    await asyncio.sleep(1)
    print("main is over")


asyncio.run(main())
import gc
gc.collect()
