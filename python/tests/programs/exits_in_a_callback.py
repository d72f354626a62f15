# total 1s
# ending exit
# prints cleaned up
# says exit code 4
import asyncio
import sys


async def main():
    asyncio.get_running_loop().call_later(1, sys.exit, 4)
    try:
        await asyncio.sleep(10)
    finally:
        print("cleaned up")


asyncio.run(main())
