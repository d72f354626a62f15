# total 4s
# prints@ 1s a | 3s b | 4s c
import asyncio


async def say(word, seconds):
    await asyncio.sleep(seconds)
    print(word)


async def main():
    async with asyncio.TaskGroup() as outer:
        outer.create_task(say("c", 4))
        async with asyncio.TaskGroup() as inner:
            inner.create_task(say("a", 1))
            inner.create_task(say("b", 3))


asyncio.run(main())
