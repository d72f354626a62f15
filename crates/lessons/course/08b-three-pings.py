import time

from fastapi import FastAPI

# run 3 GET /good-ping
# run 1 GET /hello from 1s

app = FastAPI()


@app.get("/good-ping")
def good_ping():
    time.sleep(10)
    return "pong"


@app.get("/hello")
async def hello():
    print("hello")
    return "hello"
