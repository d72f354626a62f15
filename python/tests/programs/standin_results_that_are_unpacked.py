# total 300ms
# prints <stand-in for asyncio.stdout.decode> <stand-in for asyncio.stderr> | <stand-in for asyncio.StreamReader.read>
import asyncio


async def main():
    process = await asyncio.create_subprocess_shell("ls", stdout=asyncio.subprocess.PIPE)
    stdout, stderr = await process.communicate()
    print(stdout.decode(), stderr)
    reader, writer = await asyncio.open_connection("127.0.0.1", 8888)
    writer.write(b"hello")
    await writer.drain()
    print(await reader.read(100))
    writer.close()
    await writer.wait_closed()


asyncio.run(main())
