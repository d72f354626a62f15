# needs fastapi
# total 1s
# with requests 40 GET /
import time

from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool

app = FastAPI()


@app.get("/")
async def handler():
    await run_in_threadpool(time.sleep, 1)
    return {}
