# total 5s
# prints@ 5s late
# says line 14: a blocking call holds the event loop 5s; others wait 4s in total
import asyncio
import time


async def patient():
    await asyncio.sleep(1)
    print("late")


async def rude():
    time.sleep(5)


async def main():
    await asyncio.gather(patient(), rude())


asyncio.run(main())
