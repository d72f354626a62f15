import asyncio
async def f(n):
    await asyncio.sleep(n)
async def main():
    await asyncio.gather(*[f(i) for i in range(1000000)], return_exceptions=True)
asyncio.run(main())
