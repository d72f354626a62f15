# -*- coding: latin-1 -*-
# total 1s
# prints café
import asyncio


async def main():
    await asyncio.sleep(1)
    print("café")


asyncio.run(main())
