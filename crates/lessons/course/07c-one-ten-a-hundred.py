import asyncio

from fastapi import FastAPI

# run 100 GET /ping

app = FastAPI()


@app.get("/ping")
async def ping():
    await asyncio.sleep(3)
    return "pong"
