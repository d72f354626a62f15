# ending refused
# says needs the network
import asyncio


async def main():
    await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 0)


asyncio.run(main())
