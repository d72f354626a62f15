# total 1s
# prints ['a', 'b']
import asyncio


async def bad(name):
    await asyncio.sleep(1)
    raise ValueError(name)


async def main():
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(bad("a"))
            group.create_task(bad("b"))
    except* ValueError as group:
        print(sorted(str(error) for error in group.exceptions))


asyncio.run(main())
