# needs fastapi
# total 1s
# prints@ 0s got hello | 1s gone
# says WEBSOCKET /ws: 1 × 101
# with requests 1 WEBSOCKET /ws "hello"
import asyncio

from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()


@app.websocket("/ws")
async def talk(websocket: WebSocket):
    await websocket.accept()
    try:
        while True:
            text = await websocket.receive_text()
            print("got", text.strip('"'))
            await asyncio.sleep(1)
            await websocket.send_text(text)
    except WebSocketDisconnect:
        print("gone")
