# total 4s
# prints b | a
import asyncio
import contextlib


class Resource:
    def __init__(self, name):
        self.name = name

    async def __aenter__(self):
        await asyncio.sleep(1)
        return self

    async def __aexit__(self, *exception):
        await asyncio.sleep(1)
        print(self.name)


async def main():
    async with contextlib.AsyncExitStack() as stack:
        for name in "ab":
            await stack.enter_async_context(Resource(name))


asyncio.run(main())
