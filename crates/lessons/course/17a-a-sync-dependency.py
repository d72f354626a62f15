import asyncio
import time

from fastapi import Depends, FastAPI

# run 40 GET /report
# run 1 GET /route from 1s

app = FastAPI()


def get_settings():  # cpu 1ms
    return {"debug": False}


@app.get("/route")
async def route(settings=Depends(get_settings)):
    await asyncio.sleep(0.1)
    return settings


@app.get("/report")
def report():
    time.sleep(10)
    return "done"
