# total 3s
# prints@ 1s part 0 | 2s part 1 | 3s part 2
# says GET /: 1 × 200; answered after 3s
# with requests 1 GET /
import asyncio


async def parts():
    for number in range(3):
        await asyncio.sleep(1)
        print("part", number)
        yield b"x"


async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    await send({"type": "http.response.start", "status": 200, "headers": []})
    async for part in parts():
        await send({"type": "http.response.body", "body": part, "more_body": True})
    await send({"type": "http.response.body"})
