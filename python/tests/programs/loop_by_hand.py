# total 1s
# prints done
import asyncio


async def f():
    await asyncio.sleep(1)
    return "done"


loop = asyncio.new_event_loop()
try:
    print(loop.run_until_complete(f()))
finally:
    loop.close()
