# total 2s
# ending deadlock
# waits consumer line 10 waiting_item
# waits main line 18 waiting_all
import asyncio


async def consumer(queue):
    while True:
        await queue.get()


async def main():
    queue = asyncio.Queue()
    task = asyncio.gather(consumer(queue))
    await asyncio.sleep(2)
    await queue.put(1)
    await task


asyncio.run(main())
