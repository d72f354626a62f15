try:
    async with asyncio.timeout(1):
        await o()
    첫째 = asyncio.create_task(r())
except TimeoutError:
    await 첫째
