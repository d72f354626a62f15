# total 1s
# says GET /slow: 2 × no answer
# with requests 2 GET /slow within 1s
import asyncio


async def app(scope, receive, send):
    if scope["type"] == "http":
        await asyncio.sleep(60)
