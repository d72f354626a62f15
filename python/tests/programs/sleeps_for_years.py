# total 24h
# ending limit
# says the program still runs after 24h of its own time, the limit
# says line 10: `main` waits for time to pass
import asyncio


async def main():
    for _ in range(3):
        await asyncio.sleep(1e9)


asyncio.run(main())
