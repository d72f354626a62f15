# name: With an annotation
# name.ko: 타입 표기 있음
# note: Each answer is checked on a thread, behind the 80 requests that wait for one.
# note.ko: 응답마다 스레드에서 검사를 받는데, 스레드를 기다리는 요청 80개 뒤에 줄을 섭니다.
# try: Keep the annotation for the type checker, without FastAPI's check:
#   `response_model=None`. The first answer comes at 1 s.
# try.ko: 표기는 타입 검사기를 위해 두고 FastAPI의 검사만 꺼 보세요:
#   `response_model=None`. 첫 응답이 1초에 나옵니다.
# edit: "/price") => "/price", response_model=None)
# then: price 1 responded 1s; total 3s

import time

from fastapi import FastAPI

# run 120 GET /price

app = FastAPI()


@app.get("/price")
def price() -> dict[str, int]:
    time.sleep(1)
    return {"price": 3}
