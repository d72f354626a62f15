# total 1s
# prints 5
# ends f done
import asyncio


async def f():
    await asyncio.sleep(1)
    return 5


async def main():
    print(await asyncio.Task(f(), loop=asyncio.get_running_loop()))


asyncio.run(main())
