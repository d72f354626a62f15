# needs fastapi
# total 3s
# prints opened | used | closed
# with requests 1 GET /
import asyncio

from fastapi import Depends, FastAPI

app = FastAPI()


async def connection():
    await asyncio.sleep(1)
    print("opened")
    yield "connection"
    await asyncio.sleep(1)
    print("closed")


@app.get("/")
async def handler(value: str = Depends(connection)):
    await asyncio.sleep(1)
    print("used")
    return value
