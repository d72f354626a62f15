import asyncio

async def cook(): await asyncio.sleep(1)

async def tasks():
    yield None
    yield asyncio.create_task(cook())

async def main():
    async for task in tasks():
        task.cancel()
        await task

asyncio.run(main())
