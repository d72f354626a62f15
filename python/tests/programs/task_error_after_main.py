# total 0s
# error ValueError line 7: boom
import asyncio


async def bad():
    raise ValueError("boom")


async def main():
    asyncio.create_task(bad())


asyncio.run(main())
