# total 1s
# prints@ 1s 9
import asyncio


async def f():
    await asyncio.sleep(1)
    return 9


async def main():
    task = asyncio.create_task(f())
    task.add_done_callback(lambda task: print(task.result()))
    await task
    await asyncio.sleep(0)


asyncio.run(main())
