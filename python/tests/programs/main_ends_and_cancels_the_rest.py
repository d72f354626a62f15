# total 1s
# prints main is over | f is cancelled
# ends f cancelled
import asyncio


async def f():
    try:
        await asyncio.sleep(100)
    finally:
        print("f is cancelled")


async def main():
    task = asyncio.create_task(f())
    await asyncio.sleep(1)
    print("main is over")
    return task


asyncio.run(main())
