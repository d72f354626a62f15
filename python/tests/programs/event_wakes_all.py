# total 2s
# prints@ 2s a | 2s b
import asyncio


async def f(name, event):
    await event.wait()
    print(name)


async def main():
    event = asyncio.Event()
    tasks = [asyncio.create_task(f(name, event)) for name in "ab"]
    await asyncio.sleep(2)
    event.set()
    await asyncio.gather(*tasks)


asyncio.run(main())
