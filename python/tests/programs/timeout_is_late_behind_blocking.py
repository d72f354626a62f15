# total 5s
# prints@ 5s TimeoutError
import asyncio
import time


async def main():
    try:
        async with asyncio.timeout(1):
            time.sleep(5)
            await asyncio.sleep(0.1)
    except TimeoutError as error:
        print(type(error).__name__)


asyncio.run(main())
