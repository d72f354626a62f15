# Without an await between them, nothing comes between them: 3 + 4 + 6.
# total 13s
# prints@ 3s chopped | 7s pasta | 13s toast
import asyncio

from loopscope import cpu


async def make_pasta():
    cpu(3)
    print("chopped")
    cpu(4)
    print("pasta")


async def make_toast():
    cpu(6)
    print("toast")


async def main():
    await asyncio.gather(make_pasta(), make_toast())


asyncio.run(main())
