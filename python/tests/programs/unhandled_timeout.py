# total 1s
# ending error
# error TimeoutError
# says A time limit in the program passed
import asyncio


async def main():
    async with asyncio.timeout(1):
        await asyncio.sleep(2)


asyncio.run(main())
