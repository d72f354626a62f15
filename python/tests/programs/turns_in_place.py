# ending limit
# says the program takes more than 1,000 steps, the limit; it may turn in place
# with steps 1000
import asyncio


async def main():
    while True:
        await asyncio.sleep(0)


asyncio.run(main())
