# ending limit
# says the program printed more than 1,000,000 characters, the limit
import asyncio


async def f():
    while True:
        print("x" * 1_000)
        await asyncio.sleep(0.001)


async def main():
    await asyncio.gather(*[f() for _ in range(3)])


asyncio.run(main())
