# ending deadlock
# waits main line 7 waiting_event
import asyncio


async def main():
    await asyncio.get_running_loop().create_future()


asyncio.run(main())
