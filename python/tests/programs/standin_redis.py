# total 20ms
# with stand_in redis
import asyncio

import redis
import redis.asyncio as aredis


async def main():
    client = aredis.Redis()
    await client.get("key")
    redis.Redis().get("key")


asyncio.run(main())
