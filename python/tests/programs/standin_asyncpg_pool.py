# total 100ms
# with stand_in asyncpg
import asyncio

import asyncpg


async def main():
    pool = await asyncpg.create_pool("postgres://")
    async with pool.acquire() as connection:
        for row in await connection.fetch("select 1"):
            row["name"]


asyncio.run(main())
