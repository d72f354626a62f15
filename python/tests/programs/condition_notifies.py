# total 1s
# prints@ 1s a | 1s b
import asyncio


async def f(name, condition):
    async with condition:
        await condition.wait()
        print(name)


async def main():
    condition = asyncio.Condition()
    tasks = [asyncio.create_task(f(name, condition)) for name in "ab"]
    await asyncio.sleep(1)
    async with condition:
        condition.notify_all()
    await asyncio.gather(*tasks)


asyncio.run(main())
