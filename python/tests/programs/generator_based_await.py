# total 1s
# prints done
import asyncio
import types


@types.coroutine
def pause():
    yield from asyncio.sleep(1).__await__()


async def main():
    await pause()
    print("done")


asyncio.run(main())
