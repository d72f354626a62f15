# total 4s
# prints@ 1s ping | 2s pong | 3s ping | 4s pong
import asyncio


async def player(word, mine, other):
    for _ in range(2):
        await mine.get()
        await asyncio.sleep(1)
        print(word)
        other.put_nowait(1)


async def main():
    a, b = asyncio.Queue(), asyncio.Queue()
    a.put_nowait(1)
    await asyncio.gather(player("ping", a, b), player("pong", b, a))


asyncio.run(main())
