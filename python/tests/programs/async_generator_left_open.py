# total 1s
# prints@ 1s first | 1s leaves | 1s closed by the loop
import asyncio


async def ticks():
    try:
        while True:
            await asyncio.sleep(1)
            yield "first"
    finally:
        print("closed by the loop")


async def main():
    global stream
    stream = ticks()
    print(await anext(stream))
    print("leaves")


asyncio.run(main())
