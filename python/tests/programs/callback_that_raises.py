# total 1s
# prints@ 1s goes on
# error ZeroDivisionError line 8: division by zero
import asyncio


def bad():
    1 / 0


async def main():
    asyncio.get_running_loop().call_soon(bad)
    await asyncio.sleep(1)
    print("goes on")


asyncio.run(main())
