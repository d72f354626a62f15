# total 3s
# prints@ 1s tick | 2s tick | 3s tick | 3s work
import asyncio


async def ticker():
    while True:
        await asyncio.sleep(1)
        print("tick")


async def main():
    background = asyncio.create_task(ticker())
    await asyncio.sleep(2.999)
    await asyncio.sleep(0.001)
    print("work")
    background.cancel()


asyncio.run(main())
