# total 60s
# ending limit
# says the program still runs after 60s of its own time, the limit
# says line 11: `main` waits for time to pass
# with time_limit 1min
import asyncio


async def main():
    while True:
        await asyncio.sleep(1)


asyncio.run(main())
