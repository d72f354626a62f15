# ending error
# error NameError line 8: name 'nothing' is not defined
# says called from line 11
import asyncio


async def main():
    await nothing()


asyncio.run(main())
