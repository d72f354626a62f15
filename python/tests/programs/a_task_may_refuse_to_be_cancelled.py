# total 3s
# prints survived
# ends f done
import asyncio


async def f():
    try:
        await asyncio.sleep(10)
    except asyncio.CancelledError:
        pass
    await asyncio.sleep(2)
    return "survived"


async def main():
    task = asyncio.create_task(f())
    await asyncio.sleep(1)
    task.cancel()
    print(await task)


asyncio.run(main())
