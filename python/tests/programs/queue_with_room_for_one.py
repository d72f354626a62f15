# total 6s
# prints@ 0s put 0 | 0s put 1 | 2s put 2 | 4s put 3
import asyncio


async def producer(queue):
    for number in range(4):
        await queue.put(number)
        print("put", number)


async def consumer(queue):
    await asyncio.sleep(0)
    for _ in range(3):
        await queue.get()
        await asyncio.sleep(2)


async def main():
    queue = asyncio.Queue(1)
    await asyncio.gather(producer(queue), consumer(queue))


asyncio.run(main())
