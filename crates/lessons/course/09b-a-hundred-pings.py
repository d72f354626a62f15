import time

from fastapi import FastAPI

# run 100 GET /ping

app = FastAPI()


@app.get("/ping")
def ping():
    time.sleep(1)
    return "pong"
