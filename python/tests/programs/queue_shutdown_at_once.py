# total 1s
# prints@ 1s dropped 2 | 1s nothing more
# from 3.13
import asyncio


async def worker(queue):
    try:
        while True:
            await queue.get()
            await asyncio.sleep(10)
    except asyncio.QueueShutDown:
        print("nothing more")


async def main():
    queue = asyncio.Queue()
    for number in range(3):
        queue.put_nowait(number)
    task = asyncio.create_task(worker(queue))
    await asyncio.sleep(1)
    print("dropped", queue.qsize())
    queue.shutdown(immediate=True)
    task.cancel()
    try:
        await queue.get()
    except asyncio.QueueShutDown:
        print("nothing more")


asyncio.run(main())
