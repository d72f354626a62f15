# total 0s
# prints 3 | 2 | 1
import asyncio


async def main():
    queue = asyncio.LifoQueue()
    for number in (1, 2, 3):
        await queue.put(number)
    while not queue.empty():
        print(await queue.get())


asyncio.run(main())
