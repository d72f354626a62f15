# total 10ms
# with stand_in aiofiles
import asyncio

import aiofiles


async def main():
    async with aiofiles.open("file") as file:
        await file.read()


asyncio.run(main())
