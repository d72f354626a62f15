# ending refused
# says line 7: the program waits for a socket, a pipe or a file
import asyncio


async def main():
    await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 0)


asyncio.run(main())
