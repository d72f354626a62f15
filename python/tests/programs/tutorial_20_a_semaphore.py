# Waves of ten.
# total 10s
# prints@ 1s 10 | 2s 20 | 3s 30 | 4s 40 | 5s 50 | 6s 60 | 7s 70 | 8s 80 | 9s 90 | 10s 100
import asyncio

done = 0


async def fetch(limit):
    global done
    async with limit:
        await asyncio.sleep(1)
    done += 1
    if done % 10 == 0:
        print(done)


async def main():
    limit = asyncio.Semaphore(10)
    await asyncio.gather(*[fetch(limit) for _ in range(100)])


asyncio.run(main())
