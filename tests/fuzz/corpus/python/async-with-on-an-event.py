import asyncio
event = asyncio.Event()
async def main():
    async with event:
        await asyncio.sleep(1)
asyncio.run(main())
