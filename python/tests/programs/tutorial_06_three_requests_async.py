# total 3s
# prints@ 3s 1 | 3s 2 | 3s 3
# with stand_in httpx
import asyncio

import httpx


async def fetch(client, number):
    await client.get("https://example.org")  # 3s
    print(number)


async def main():
    async with httpx.AsyncClient() as client:
        await asyncio.gather(*[fetch(client, number) for number in (1, 2, 3)])


asyncio.run(main())
