import asyncio
q = asyncio.Queue()
async def main():
    async with q:
        await q.put(1)
asyncio.run(main())
