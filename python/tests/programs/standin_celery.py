# The request answers at once; four workers do the jobs.
# total 6s
# prints@ 0s sent | 6s [0, 1, 2, 3, 4, 5, 6, 7]
# with stand_in celery
import time

from celery import Celery

app = Celery("jobs", broker="redis://")


@app.task
def work(n):
    time.sleep(3)
    return n


results = [work.delay(n) for n in range(8)]
print("sent")
print([result.get() for result in results])
