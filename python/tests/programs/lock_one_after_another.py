# total 3s
# prints@ 1s a | 2s b | 3s c
import asyncio


async def f(name, lock):
    async with lock:
        await asyncio.sleep(1)
        print(name)


async def main():
    lock = asyncio.Lock()
    await asyncio.gather(*(f(name, lock) for name in "abc"))


asyncio.run(main())
