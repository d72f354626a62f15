# total 2s
# prints@ 0s started | 2s stopped
# says GET /slow: 3 × 200; answered after 1s in the middle, 1s at most
# with requests 3 GET /slow every 500ms
import asyncio


async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        await receive()
        print("started")
        await send({"type": "lifespan.startup.complete"})
        await receive()
        print("stopped")
        await send({"type": "lifespan.shutdown.complete"})
        return
    await asyncio.sleep(1)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"fine"})
