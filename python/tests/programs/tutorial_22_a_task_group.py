# One fails, its siblings are cancelled.
# total 2s
# prints@ 2s ads: cancelled | 2s error page
# ends fetch_user done, fetch_orders failed, fetch_ads cancelled
import asyncio


async def fetch_user():
    await asyncio.sleep(1)


async def fetch_orders():
    await asyncio.sleep(2)
    raise ConnectionError("500")


async def fetch_ads():
    try:
        await asyncio.sleep(5)
    except asyncio.CancelledError:
        print("ads: cancelled")
        raise


async def main():
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(fetch_user())
            group.create_task(fetch_orders())
            group.create_task(fetch_ads())
    except* ConnectionError:
        print("error page")


asyncio.run(main())
