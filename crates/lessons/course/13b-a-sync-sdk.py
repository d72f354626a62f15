import time

from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool

# run 5 GET /chat
# run 1 GET /health from 1s

app = FastAPI()


def ask(question):
    # A sync SDK.
    time.sleep(10)
    return "42"


@app.get("/chat")
async def chat():
    return await run_in_threadpool(ask, "the answer")


@app.get("/health")
async def health():
    return "ok"
