# Both end at 9 s, the toast first: the pasta's wait was over, and the loop was not free.
# total 9s
# prints@ 9s toast | 9s pasta
import asyncio


async def make_pasta():
    chop()
    await asyncio.sleep(5)
    print("pasta")


def chop():  # cpu 3s
    pass


async def make_toast():
    spread()
    print("toast")


def spread():  # cpu 6s
    pass


async def main():
    await asyncio.gather(make_pasta(), make_toast())


asyncio.run(main())
