# total 0s
# prints 1 | 2 | 3
import asyncio


async def main():
    queue = asyncio.PriorityQueue()
    for number in (3, 1, 2):
        await queue.put(number)
    while not queue.empty():
        print(await queue.get())


asyncio.run(main())
