# total 1.5s
# prints@ 0s connected | 0s got hello | 1.5s disconnected
# says WEBSOCKET /ws: 1 × 101; answered after 1.5s in the middle
# with requests 1 WEBSOCKET /ws "hello"
import asyncio


async def app(scope, receive, send):
    if scope["type"] != "websocket":
        return
    assert (await receive())["type"] == "websocket.connect"
    await send({"type": "websocket.accept"})
    print("connected")
    message = await receive()
    print("got", message["text"].strip('"'))
    await asyncio.sleep(1.5)
    await send({"type": "websocket.send", "text": message["text"]})
    assert (await receive())["type"] == "websocket.disconnect"
    print("disconnected")
