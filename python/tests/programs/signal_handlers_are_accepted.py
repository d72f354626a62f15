# total 1s
# prints done
import asyncio
import signal


async def main():
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, lambda: None)
    await asyncio.sleep(1)
    print("done")


asyncio.run(main())
