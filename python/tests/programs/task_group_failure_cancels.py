# total 1s
# ending error
# error ExceptionGroup line 18: boom
# ends bad failed, slow cancelled
import asyncio


async def bad():
    await asyncio.sleep(1)
    raise ValueError("boom")


async def slow():
    await asyncio.sleep(10)


async def main():
    async with asyncio.TaskGroup() as group:
        group.create_task(slow())
        group.create_task(bad())


asyncio.run(main())
