# total 1s
# prints done
import asyncio


async def main():
    await asyncio.sleep(1)
    print("done")


asyncio.run(main(), debug=True)
