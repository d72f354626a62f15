# total 3s
# prints@ 1s in front | 1s behind | 3s logged
# says GET /: 1 × 200; answered after 1s
# with requests 1 GET /
import asyncio


async def inner(scope, receive, send):
    await asyncio.sleep(1)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    print("in front")
    await send({"type": "http.response.body", "body": b"fine"})


def with_a_log(app):
    async def outer(scope, receive, send):
        if scope["type"] != "http":
            return
        await app(scope, receive, send)
        print("behind")
        # After the answer, as a background task of a framework.
        await asyncio.sleep(2)
        print("logged")

    return outer


wrapped = with_a_log(inner)


async def app(scope, receive, send):
    await wrapped(scope, receive, send)
