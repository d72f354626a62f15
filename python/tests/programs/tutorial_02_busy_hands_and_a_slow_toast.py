# Three seconds of chopping hold everything up.
# total 9s
# prints@ 8s pasta | 9s toast
import asyncio

from loopscope import cpu


async def make_pasta():
    cpu(3)
    await asyncio.sleep(5)
    print("pasta")


async def make_toast():
    await asyncio.sleep(6)
    print("toast")


async def main():
    await asyncio.gather(make_pasta(), make_toast())


asyncio.run(main())
