# ending limit
# says the program takes more than 1,000 steps, the limit
# with steps 1000
import asyncio


def again():
    asyncio.get_running_loop().call_soon(again)


async def main():
    again()
    await asyncio.sleep(1)


asyncio.run(main())
