# total 1s
# prints done
import asyncio

import uvloop


async def main():
    await asyncio.sleep(1)
    print("done")


uvloop.install()
uvloop.run(main())
