# ending deadlock
# prints
import asyncio


async def main():
    try:
        await asyncio.Event().wait()
    finally:
        print("never in a real run")


asyncio.run(main())
