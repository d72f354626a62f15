# total 3s
# prints@ 1s 1 2 | 3s 2 0
import asyncio


async def f(n):
    await asyncio.sleep(n)


async def main():
    tasks = [asyncio.create_task(f(n)) for n in (1, 2, 3)]
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    print(len(done), len(pending))
    done, pending = await asyncio.wait(pending)
    print(len(done), len(pending))


asyncio.run(main())
