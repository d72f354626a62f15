# The tutorial's order, 3 + 6 + 4, needs this.
# total 13s
# prints@ 3s chopped | 9s toast | 13s pasta
import asyncio

from loopscope import cpu


async def make_pasta():
    cpu(3)
    print("chopped")
    await asyncio.sleep(0)
    cpu(4)
    print("pasta")


async def make_toast():
    cpu(6)
    print("toast")


async def main():
    await asyncio.gather(make_pasta(), make_toast())


asyncio.run(main())
