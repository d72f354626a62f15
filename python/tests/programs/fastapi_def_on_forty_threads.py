# needs fastapi
# total 30s
# says GET /: 100 × 200; answered after 20s in the middle, 30s at most
# with requests 100 GET /
import time

from fastapi import FastAPI

app = FastAPI()


@app.get("/")
def good():
    time.sleep(10)
    return {}
