# The slowest of the three.
# total 3s
# prints@ 3s ['user', 'orders', 'ads']
import asyncio


async def fetch(name, seconds):
    await asyncio.sleep(seconds)
    return name


async def main():
    print(await asyncio.gather(fetch("user", 1), fetch("orders", 2), fetch("ads", 3)))


asyncio.run(main())
