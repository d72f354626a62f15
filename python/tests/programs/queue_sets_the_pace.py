# total 7s
# prints@ 3s got 0 | 5s got 1 | 7s got 2
import asyncio


async def producer(queue):
    for number in range(3):
        await asyncio.sleep(1)
        await queue.put(number)


async def consumer(queue):
    for _ in range(3):
        item = await queue.get()
        await asyncio.sleep(2)
        print("got", item)


async def main():
    queue = asyncio.Queue()
    await asyncio.gather(producer(queue), consumer(queue))


asyncio.run(main())
