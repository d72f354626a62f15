# total 1s
# prints@ 1s done
import asyncio


async def main():
    loop = asyncio.get_running_loop()
    timer = loop.call_later(100 * 365 * 24 * 3600, print, "never")
    slow = asyncio.create_task(asyncio.sleep(1e12))
    await asyncio.sleep(1)
    timer.cancel()
    slow.cancel()
    print("done")


asyncio.run(main())
