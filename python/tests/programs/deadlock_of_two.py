# total 1s
# ending deadlock
# waits one line 11 waiting_permit
# waits two line 17 waiting_permit
import asyncio


async def one(a, b):
    async with a:
        await asyncio.sleep(1)
        async with b:
            pass


async def two(a, b):
    async with b:
        async with a:
            pass


async def main():
    a, b = asyncio.Lock(), asyncio.Lock()
    await asyncio.gather(one(a, b), two(a, b))


asyncio.run(main())
