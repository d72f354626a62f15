# total 1s
# prints [0, 1, 2]
# with stand_in celery
import time

from celery import group, shared_task


@shared_task(name="work")
def work(n):
    time.sleep(1)
    return n


print(group(work.s(n) for n in range(3))().get())
