# ending error
# error RuntimeError line 8: asyncio.run() cannot be called from a running event loop
# says Inside a coroutine write `await f()`.
import asyncio


async def main():
    asyncio.run(asyncio.sleep(1))


asyncio.run(main())
