# total 200ms
# prints 3
# with stand_in motor
import asyncio

from motor.motor_asyncio import AsyncIOMotorClient


async def main():
    users = AsyncIOMotorClient().database.users
    await users.insert_one({"a": 1})
    await users.find_one({"a": 1})
    print(len([user async for user in users.find()]))


asyncio.run(main())
