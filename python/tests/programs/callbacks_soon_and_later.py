# total 2s
# prints@ 0s soon | 1s later | 2s at
import asyncio


async def main():
    loop = asyncio.get_running_loop()
    over = loop.create_future()
    loop.call_at(loop.time() + 2, lambda: (print("at"), over.set_result(None)))
    loop.call_later(1, print, "later")
    loop.call_soon(print, "soon")
    await over


asyncio.run(main())
