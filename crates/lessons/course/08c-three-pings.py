import asyncio

from fastapi import FastAPI

# run 3 GET /perfect-ping
# run 1 GET /hello from 1s

app = FastAPI()


@app.get("/perfect-ping")
async def perfect_ping():
    await asyncio.sleep(10)
    return "pong"


@app.get("/hello")
async def hello():
    print("hello")
    return "hello"
