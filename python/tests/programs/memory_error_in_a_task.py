# total 1s
# ending error
# error MemoryError line 10
import asyncio
import sys


async def f():
    await asyncio.sleep(1)
    return bytearray(sys.maxsize)


asyncio.run(f())
