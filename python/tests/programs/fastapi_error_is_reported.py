# needs fastapi
# total 1s
# says GET /: 2 × 500
# error ZeroDivisionError line 16: division by zero
# with requests 2 GET /
import asyncio

from fastapi import FastAPI

app = FastAPI()


@app.get("/")
async def handler():
    await asyncio.sleep(1)
    return 1 / 0
