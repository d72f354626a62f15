# total 2s
# prints [ValueError('boom'), 2]
import asyncio


async def bad():
    await asyncio.sleep(1)
    raise ValueError("boom")


async def good():
    await asyncio.sleep(2)
    return 2


async def main():
    print(await asyncio.gather(bad(), good(), return_exceptions=True))


asyncio.run(main())
