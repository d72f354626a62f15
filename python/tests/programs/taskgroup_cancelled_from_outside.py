# total 1s
# prints@ 1s child over | 1s group over | 1s cancelled
# ends child cancelled, parent cancelled
import asyncio


async def child():
    try:
        await asyncio.sleep(5)
    finally:
        print("child over")


async def parent():
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(child())
    finally:
        print("group over")


async def main():
    task = asyncio.create_task(parent())
    await asyncio.sleep(1)
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        print("cancelled")


asyncio.run(main())
