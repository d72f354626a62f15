# total 1s
# ending deadlock
# waits main line 7 waiting_event
# says line 7: `main` waits for an event or a future that is never set
import asyncio
async def main():
    await asyncio.sleep(1); await asyncio.Event().wait()


asyncio.run(main())
