# total 1s
# prints 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19
import asyncio

ended = []


async def f(number):
    try:
        await asyncio.Event().wait()
    finally:
        ended.append(number)
        if number == 19:
            print(*ended)


async def main():
    global tasks
    tasks = [asyncio.create_task(f(number)) for number in range(20)]
    await asyncio.sleep(1)


asyncio.run(main())
