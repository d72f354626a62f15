# total 1s
# prints f starts | created | f ends
# ends f done
# from 3.12
import asyncio


async def f():
    print("f starts")
    await asyncio.sleep(1)
    print("f ends")


async def main():
    asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
    task = asyncio.create_task(f())
    print("created")
    await task


asyncio.run(main())
