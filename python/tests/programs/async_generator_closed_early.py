# total 1.5s
# prints@ 1s 0 | 1.5s closed
import asyncio


async def ticks():
    number = 0
    try:
        while True:
            await asyncio.sleep(1)
            yield number
            number += 1
    finally:
        await asyncio.sleep(0.5)
        print("closed")


async def main():
    stream = ticks()
    async for number in stream:
        print(number)
        break
    await stream.aclose()


asyncio.run(main())
