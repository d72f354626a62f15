# A negative sleep of asyncio is one of zero.
# total 0s
# prints done
import asyncio


async def main():
    await asyncio.sleep(-5)
    print("done")


asyncio.run(main())
