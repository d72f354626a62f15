# total 1.5s
# prints@ 1s cancelled | 1.5s cleaned | 1.5s CancelledError
# ends f cancelled
import asyncio


async def f():
    try:
        await asyncio.sleep(10)
    except asyncio.CancelledError:
        print("cancelled")
        await asyncio.sleep(0.5)
        print("cleaned")
        raise


async def main():
    task = asyncio.create_task(f())
    await asyncio.sleep(1)
    task.cancel()
    try:
        await task
    except asyncio.CancelledError as error:
        print(type(error).__name__)


asyncio.run(main())
