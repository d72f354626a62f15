# total 3s
# prints PENDING | SUCCESS 42
# with stand_in celery
import asyncio
import time

from celery import Celery

app = Celery()


@app.task(bind=True)
def work(self):
    time.sleep(2)
    return 42


async def main():
    result = work.delay()
    print(result.state)
    while not result.ready():
        await asyncio.sleep(1.5)
    print(result.state, result.result)


asyncio.run(main())
