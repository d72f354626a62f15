# total 0s
# says RuntimeWarning: coroutine 'f' was never awaited
import asyncio


async def f():
    await asyncio.sleep(1)


async def main():
    f()


asyncio.run(main())
