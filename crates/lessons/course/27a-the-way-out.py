# title: The way out has no limit
# title.ko: 나가는 길에는 한도가 없다
# question: Each of 100 requests holds a thread for 1 s, in a sync dependency. How long do
#   all take?
# question.ko: 요청 100개가 동기 의존성에서 스레드를 1초씩 씁니다. 모두 끝나기까지 얼마나
#   걸릴까요?
# answers: 1s; 3s; 100s
# wrong 1s: 1 s would need 100 threads. The way in has 40.
# wrong 1s.ko: 1초가 되려면 스레드가 100개 필요합니다. 들어오는 길에는 40개뿐입니다.
# wrong 3s: 3 s is 40 + 40 + 20 on 40 threads. The way out passes by that limit.
# wrong 3s.ko: 3초는 스레드 40개로 40 + 40 + 20개를 처리할 때입니다. 나가는 길은 그 한도를
#   지나칩니다.
# wrong 100s: 100 s would be one after another. Threads wait side by side.
# wrong 100s.ko: 100초는 하나씩 처리할 때입니다. 스레드들은 함께 기다립니다.
# text: FastAPI runs a sync dependency with `yield` on threads. Its way in takes one of the
#   40, so 100 sessions open in 3 s, as 40 + 40 + 20. Its way out takes a thread outside
#   of the limit, since requests that wait for a session must not keep others from giving
#   theirs back. So 100 sessions close in 1 s, on 100 threads at once, and the database
#   gets them all.
# text.ko: `yield`가 있는 동기 의존성은 스레드에서 실행됩니다. 들어오는 길은 40개 중 하나를
#   쓰므로 세션 100개가 40 + 40 + 20개로 나뉘어 3초에 열립니다. 나가는 길은 한도 밖의
#   스레드를 씁니다. 세션을 기다리는 요청이 세션을 돌려주는 요청을 막으면 안 되기
#   때문입니다. 그래서 세션 100개가 스레드 100개에서 한꺼번에 1초 만에 닫히고,
#   데이터베이스는 그 모두를 감당해야 합니다.
# name: Closing takes 1 s
# name.ko: 닫는 데 1초
# note: All 100 close at the same time, on 100 threads.
# note.ko: 100개가 스레드 100개에서 동시에 닫힙니다.
# try: Send 400 requests. The total is still 1 s, now with 400 threads at once.
# try.ko: 요청을 400개 보내 보세요. 전체 시간은 그대로 1초이고, 스레드는 한꺼번에
#   400개입니다.
# edit: run 100 GET => run 400 GET
# then: total 1s; threads 400

import time

from fastapi import Depends, FastAPI

# run 100 GET /orders

app = FastAPI()


def connect():
    yield "session"
    time.sleep(1)  # closes it


@app.get("/orders")
async def orders(session=Depends(connect)):
    return []
