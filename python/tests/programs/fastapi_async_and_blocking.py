# needs fastapi
# total 50s
# says GET /: 5 × 200; answered after 30s in the middle, 50s at most
# says line 15: a blocking call holds the event loop 5 × 10s
# with requests 5 GET /
import time

from fastapi import FastAPI

app = FastAPI()


@app.get("/")
async def terrible():
    time.sleep(10)
    return {}
