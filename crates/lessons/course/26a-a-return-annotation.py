# group: Beyond the model
# group.ko: 모델 너머
# title: A return annotation
# title.ko: 반환 타입 표기
# question: 120 requests need a thread for 1 s each; there are 40. When does the first
#   one get its answer?
# question.ko: 요청 120개가 스레드를 1초씩 쓰고, 스레드는 40개입니다. 첫 요청은 언제
#   응답을 받을까요?
# asks: price 1 responded
# answers: 1s; 2s; 3s
# wrong 1s: 1 s would be right without the check. It queues behind all that wait.
# wrong 1s.ko: 1초는 검사가 없을 때입니다. 검사는 기다리는 모든 요청 뒤에 줄을 섭니다.
# wrong 2s: 2 s is when the second forty are done.
# wrong 2s.ko: 2초는 두 번째 40개가 끝나는 시각입니다.
# wrong 3s: 3 s is when the last one is answered. Nothing holds the first one back.
# wrong 3s.ko: 3초는 마지막 요청이 응답을 받는 시각입니다. 첫 요청은 기다릴 것이 없습니다.
# text: FastAPI checks what a `def` route with a return annotation returns, on the same
#   40 threads. The check queues behind all requests that wait for a thread, so every
#   answer comes at 3 s instead of 1, 2 and 3 s: 3 s on average, not 2 s. Measured in
#   real time it was 3.07 s and 2.17 s. In an `async def` route the loop checks at once.
# text.ko: 반환 타입이 적힌 `def` 라우트의 반환값은 FastAPI가 같은 스레드 40개에서
#   검사합니다. 검사는 스레드를 기다리는 모든 요청 뒤에 줄을 서므로, 응답은 1, 2, 3초가
#   아니라 모두 3초에 나갑니다. 평균은 2초가 아니라 3초입니다. 실제 시간으로 재면
#   2.17초와 3.07초였습니다. `async def` 라우트라면 루프가 바로 검사합니다.
# name: Without an annotation
# name.ko: 타입 표기 없음
# note: The first 40 are answered as soon as their threads are done.
# note.ko: 처음 40개는 스레드가 끝나는 대로 응답을 받습니다.

import time

from fastapi import FastAPI

# run 120 GET /price

app = FastAPI()


@app.get("/price")
def price():
    time.sleep(1)
    return {"price": 3}
