# total 6s
# prints@ 3s 1 | 6s 2
import asyncio


async def main():
    x = 1  # cpu 3s
    print(x)
    x = sum([x,
             1])  # cpu 3초 걸림
    print(x)


asyncio.run(main())
