# total 4s
# prints@ 4s expired
import asyncio


async def main():
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(1) as limit:
            limit.reschedule(loop.time() + 4)
            await asyncio.sleep(10)
    except TimeoutError:
        print("expired")


asyncio.run(main())
