# total 3s
# prints@ 1s ready | 2s got a | 3s caught stop | 3s over
import asyncio


async def echo():
    await asyncio.sleep(1)
    got = yield "ready"
    await asyncio.sleep(1)
    try:
        yield f"got {got}"
    except ValueError as error:
        await asyncio.sleep(1)
        yield f"caught {error}"


async def main():
    stream = echo()
    print(await anext(stream))
    print(await stream.asend("a"))
    print(await stream.athrow(ValueError("stop")))
    print(await anext(stream, "over"))


asyncio.run(main())
