# ending error
# error TypeError line 8
# says Leave `await` out.
import asyncio


async def main():
    await 3


asyncio.run(main())
