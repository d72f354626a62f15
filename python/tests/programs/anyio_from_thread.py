# needs anyio
# ending refused
# says work on the event loop is awaited inside a function on a thread
import anyio
import anyio.from_thread


def work():
    anyio.from_thread.run(anyio.sleep, 1)


async def main():
    await anyio.to_thread.run_sync(work)


anyio.run(main)
