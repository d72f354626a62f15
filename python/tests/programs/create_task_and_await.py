# total 2s
# prints started | got 7
# ends f done
import asyncio


async def f():
    print("started")
    await asyncio.sleep(2)
    return 7


async def main():
    task = asyncio.create_task(f())
    await asyncio.sleep(1)
    print("got", await task)


asyncio.run(main())
