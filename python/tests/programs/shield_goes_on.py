# total 3s
# prints@ 1s timeout | 3s work is done
import asyncio


async def work():
    await asyncio.sleep(3)
    print("work is done")


async def main():
    task = asyncio.create_task(work())
    try:
        await asyncio.wait_for(asyncio.shield(task), 1)
    except TimeoutError:
        print("timeout")
    await task


asyncio.run(main())
