import asyncio

async def cook(): await asyncio.sleep(1)

async def main():
    try:
        async with asyncio.timeout(2):
            4
    except TimeoutError:
        task = asyncio.create_task(cook())
    await task

asyncio.run(main())
