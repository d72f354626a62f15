# total 1s
# prints MyTask | 5
# ends f done
import asyncio


class MyTask(asyncio.Task):
    pass


async def f():
    await asyncio.sleep(1)
    return 5


async def main():
    loop = asyncio.get_running_loop()
    loop.set_task_factory(lambda loop, coroutine, **options: MyTask(coroutine, loop=loop, **options))
    task = asyncio.create_task(f())
    print(type(task).__name__)
    print(await task)


asyncio.run(main())
