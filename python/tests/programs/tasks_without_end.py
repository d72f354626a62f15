# ending limit
# with steps 5000
import asyncio


async def f():
    asyncio.create_task(f())
    asyncio.create_task(f())
    await asyncio.sleep(1)


asyncio.run(f())
