import time

from fastapi import FastAPI

# run 4 GET /ping

app = FastAPI()


@app.get("/ping")
async def ping():
    time.sleep(5)
    return "pong"
