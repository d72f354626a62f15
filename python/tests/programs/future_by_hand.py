# total 2s
# prints@ 2s 42
import asyncio


async def main():
    loop = asyncio.get_running_loop()
    future = loop.create_future()
    loop.call_later(2, future.set_result, 42)
    print(await future)


asyncio.run(main())
