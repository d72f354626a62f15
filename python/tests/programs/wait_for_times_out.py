# total 1s
# prints@ 1s TimeoutError
# ends slow cancelled
import asyncio


async def slow():
    await asyncio.sleep(10)


async def main():
    try:
        await asyncio.wait_for(asyncio.create_task(slow()), 1)
    except asyncio.TimeoutError:
        print("TimeoutError")


asyncio.run(main())
