# total 3s
# prints@ 1s open | 2s inside | 3s closed
import asyncio
import contextlib


@contextlib.asynccontextmanager
async def connection():
    await asyncio.sleep(1)
    print("open")
    try:
        yield "connection"
    finally:
        await asyncio.sleep(1)
        print("closed")


async def main():
    async with connection():
        await asyncio.sleep(1)
        print("inside")


asyncio.run(main())
