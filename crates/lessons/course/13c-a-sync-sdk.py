import asyncio

from fastapi import FastAPI

# run 5 GET /chat
# run 1 GET /health from 1s

app = FastAPI()


async def ask(question):
    # An async SDK.
    await asyncio.sleep(10)
    return "42"


@app.get("/chat")
async def chat():
    return await ask("the answer")


@app.get("/health")
async def health():
    return "ok"
