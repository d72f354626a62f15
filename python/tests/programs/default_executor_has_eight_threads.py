# Four cores and four: sixteen calls of a second take two.
# total 2s
import asyncio
import time


async def main():
    await asyncio.gather(*(asyncio.to_thread(time.sleep, 1) for _ in range(16)))


asyncio.run(main())
