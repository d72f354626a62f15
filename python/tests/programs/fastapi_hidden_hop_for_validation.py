# With a declared answer FastAPI validates it on a thread after the handler.
# needs fastapi
# total 1s
# with requests 1 GET /
import time

from fastapi import FastAPI

app = FastAPI()


@app.get("/")
def handler() -> dict[str, int]:
    time.sleep(1)
    return {"a": 1}
