# needs fastapi
# total 10s
# with requests 100 GET /
import time
from contextlib import asynccontextmanager

import anyio.to_thread
from fastapi import FastAPI


@asynccontextmanager
async def lifespan(app):
    anyio.to_thread.current_default_thread_limiter().total_tokens = 10
    yield


app = FastAPI(lifespan=lifespan)


@app.get("/")
def handler():
    time.sleep(1)
    return {}
