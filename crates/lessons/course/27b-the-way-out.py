# name: Opening takes 1 s
# name.ko: 여는 데 1초
# note: Opening takes one of the 40 threads: 40 + 40 + 20.
# note.ko: 여는 데는 스레드 40개 중 하나를 쓰므로 40 + 40 + 20개로 나뉩니다.

import time

from fastapi import Depends, FastAPI

# run 100 GET /orders

app = FastAPI()


def connect():
    time.sleep(1)  # opens it
    yield "session"


@app.get("/orders")
async def orders(session=Depends(connect)):
    return []
