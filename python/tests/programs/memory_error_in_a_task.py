# total 1s
# ending error
# error MemoryError line 9
import asyncio


async def f():
    await asyncio.sleep(1)
    return bytearray(1 << 62)


asyncio.run(f())
