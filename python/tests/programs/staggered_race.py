# total 3s
# prints winner 2
import asyncio


async def f(n, seconds):
    await asyncio.sleep(seconds)
    return n


async def main():
    tasks = []
    for n, seconds in ((1, 10), (2, 2), (3, 5)):
        tasks.append(asyncio.create_task(f(n, seconds)))
        await asyncio.sleep(0.5)
    await asyncio.sleep(1.5)
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    print("winner", *(task.result() for task in done))
    for task in pending:
        task.cancel()


asyncio.run(main())
