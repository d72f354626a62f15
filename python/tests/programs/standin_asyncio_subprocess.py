# total 200ms
# prints 0
import asyncio


async def main():
    process = await asyncio.create_subprocess_exec("sleep", "5")
    await process.communicate()
    print(process.returncode)


asyncio.run(main())
