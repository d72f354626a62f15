# total 0s
# ending deadlock
# waits main line 11 waiting_permit
# says waits for a lock or semaphore that is not released
import asyncio


async def main():
    lock = asyncio.Lock()
    async with lock:
        async with lock:
            pass


asyncio.run(main())
