# total 1s
# says GET /a: 5 × 200
# says GET /b: 1 × 200
import asyncio

# run 5 GET /a
# run GET /b every 10ms


class App:
    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            raise ValueError("only http")
        await asyncio.sleep(1)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body"})


app = App()
