# total 1s
# prints@ 0s soon | 0s negative | 1s past
import asyncio


async def main():
    loop = asyncio.get_running_loop()
    loop.call_later(-5, print, "negative")
    loop.call_soon(print, "soon")
    await asyncio.sleep(1)
    loop.call_at(loop.time() - 1, print, "past")
    await asyncio.sleep(0)
    await asyncio.sleep(0)


asyncio.run(main())
