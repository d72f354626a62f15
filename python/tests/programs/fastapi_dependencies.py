# needs fastapi
# total 4s
# prints@ 1s sync | 3s async | 4s handler
# with requests 1 GET /
import asyncio
import time

from fastapi import Depends, FastAPI

app = FastAPI()


def plain():
    time.sleep(1)
    print("sync")
    return 1


async def coroutine(value: int = Depends(plain)):
    await asyncio.sleep(2)
    print("async")
    return value + 1


@app.get("/")
async def handler(value: int = Depends(coroutine)):
    await asyncio.sleep(1)
    print("handler")
    return value
