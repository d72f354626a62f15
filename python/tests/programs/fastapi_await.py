# needs fastapi
# total 10s
# says GET /: 100 × 200; answered after 10s in the middle, 10s at most
# with requests 100 GET /
import asyncio

from fastapi import FastAPI

app = FastAPI()


@app.get("/")
async def perfect():
    await asyncio.sleep(10)
    return {}
