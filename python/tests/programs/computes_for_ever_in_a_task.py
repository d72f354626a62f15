# ending limit
# says the program still computes after 0.3 s of real time, the limit
# with real_limit 0.3
import asyncio


async def main():
    while True:
        pass


asyncio.run(main())
