# says note: line 10: RuntimeWarning: coroutine 'forgotten' was never awaited
import asyncio


async def forgotten():
    pass


async def main():
    forgotten()


asyncio.run(main(), debug=True)
