import time

from fastapi import FastAPI

# run 3 GET /terrible-ping
# run 1 GET /hello from 1s

app = FastAPI()


@app.get("/terrible-ping")
async def terrible_ping():
    time.sleep(10)
    return "pong"


@app.get("/hello")
async def hello():
    print("hello")
    return "hello"
