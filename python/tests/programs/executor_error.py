# prints ZeroDivisionError
import asyncio


async def main():
    try:
        await asyncio.to_thread(lambda: 1 / 0)
    except ZeroDivisionError as error:
        print(type(error).__name__)


asyncio.run(main())
