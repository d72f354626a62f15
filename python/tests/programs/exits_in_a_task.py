# total 1s
# ending exit
# says exit code 2
import asyncio
import sys


async def main():
    await asyncio.sleep(1)
    sys.exit(2)


asyncio.run(main())
