import time
from contextlib import asynccontextmanager

import anyio.to_thread
from fastapi import FastAPI

# run 100 GET /ping


@asynccontextmanager
async def lifespan(app):
    # One worker instead of 40.
    anyio.to_thread.current_default_thread_limiter().total_tokens = 1
    yield


app = FastAPI(lifespan=lifespan)


@app.get("/ping")
def ping():
    time.sleep(3)
    return "pong"
