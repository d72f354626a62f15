# The longest dish decides, not the sum.
# total 8s
# prints@ 2s toast | 8s pasta
import asyncio


async def make_pasta():
    await asyncio.sleep(3)  # the water boils
    await asyncio.sleep(5)  # the pasta boils
    print("pasta")


async def make_toast():
    await asyncio.sleep(2)
    print("toast")


async def main():
    await asyncio.gather(make_pasta(), make_toast())


asyncio.run(main())
