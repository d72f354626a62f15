# total 1s
# prints done
import asyncio
import warnings

warnings.simplefilter("ignore")


async def main():
    await asyncio.sleep(1)
    print("done")


try:
    loop = asyncio.get_event_loop()
except RuntimeError:
    loop = asyncio.new_event_loop()
loop.run_until_complete(main())
