import asyncio
from concurrent.futures import ProcessPoolExecutor

from fastapi import FastAPI

# run 4 GET /resize
# run 1 GET /health from 1s

app = FastAPI()
pool = ProcessPoolExecutor(4)


def shrink():  # cpu 10s
    return "a small picture"


@app.get("/resize")
async def resize():
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(pool, shrink)


@app.get("/health")
async def health():
    print("ok")
    return "ok"
