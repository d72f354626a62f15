# The consumer sets the pace.
# total 7s
# prints@ 1s put 0 | 2s put 1 | 3s used 0 | 3s put 2 | 5s used 1 | 7s used 2
import asyncio


async def producer(queue):
    for item in range(4):
        if item == 3:
            await queue.put(None)
            return
        await asyncio.sleep(1)
        await queue.put(item)
        print("put", item)


async def consumer(queue):
    while (item := await queue.get()) is not None:
        await asyncio.sleep(2)
        print("used", item)


async def main():
    queue = asyncio.Queue()
    await asyncio.gather(producer(queue), consumer(queue))


asyncio.run(main())
