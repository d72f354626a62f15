# needs fastapi
# total 3s
# prints@ 3s took 2.0
# with requests 1 GET /
import asyncio
import time

from fastapi import FastAPI

app = FastAPI()


@app.middleware("http")
async def timing(request, call_next):
    await asyncio.sleep(1)
    begin = time.perf_counter()
    response = await call_next(request)
    print("took", time.perf_counter() - begin)
    return response


@app.get("/")
async def handler():
    await asyncio.sleep(2)
    return {}
