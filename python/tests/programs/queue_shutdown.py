# total 1s
# prints@ 1s shut
# from 3.13
import asyncio


async def main():
    queue = asyncio.Queue()
    asyncio.get_running_loop().call_later(1, queue.shutdown)
    try:
        await queue.get()
    except asyncio.QueueShutDown:
        print("shut")


asyncio.run(main())
