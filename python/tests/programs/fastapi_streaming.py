# needs fastapi
# total 3s
# says GET /: 1 × 200; answered after 3s
# with requests 1 GET /
import asyncio

from fastapi import FastAPI
from fastapi.responses import StreamingResponse

app = FastAPI()


async def parts():
    for number in range(3):
        await asyncio.sleep(1)
        yield f"{number}\n"


@app.get("/")
async def handler():
    return StreamingResponse(parts())
