# needs fastapi
# total 3s
# says GET /: 1 × 200; answered after 3s
# with requests 1 GET /
import time

from fastapi import FastAPI
from fastapi.responses import StreamingResponse

app = FastAPI()


def parts():
    for number in range(3):
        time.sleep(1)
        yield f"{number}\n"


@app.get("/")
async def handler():
    return StreamingResponse(parts())
