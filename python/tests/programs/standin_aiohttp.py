# total 1s
# prints <stand-in for aiohttp.ClientSession.get.json>
# with stand_in aiohttp
import asyncio

import aiohttp


async def main():
    async with aiohttp.ClientSession() as session:
        async with session.get("https://example.org") as response:
            response.raise_for_status()
            print(await response.json())


asyncio.run(main())
