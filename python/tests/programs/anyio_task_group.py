# needs anyio
# total 2s
# prints@ 1s a | 2s b
import anyio


async def say(word, seconds):
    await anyio.sleep(seconds)
    print(word)


async def main():
    async with anyio.create_task_group() as group:
        group.start_soon(say, "a", 1)
        group.start_soon(say, "b", 2)


anyio.run(main)
