# total 2s
# prints
import asyncio


async def main():
    handle = asyncio.get_running_loop().call_later(1, print, "never")
    handle.cancel()
    await asyncio.sleep(2)


asyncio.run(main())
