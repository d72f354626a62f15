# total 0s
# ending error
# error ValueError line 11: BoundedSemaphore released too many times
import asyncio


async def main():
    permits = asyncio.BoundedSemaphore(1)
    async with permits:
        pass
    permits.release()


asyncio.run(main())
