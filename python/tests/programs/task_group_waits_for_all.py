# total 3s
# prints 6
import asyncio


async def f(n):
    await asyncio.sleep(n)
    return n


async def main():
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(f(n)) for n in (1, 2, 3)]
    print(sum(task.result() for task in tasks))


asyncio.run(main())
