# total 1s
# prints@ 1s value
import asyncio


class Later:
    def __await__(self):
        yield from asyncio.sleep(1).__await__()
        return "value"


async def main():
    print(await Later())


asyncio.run(main())
