# Two threads share the GIL: 6 s until the shorter one has computed 3 s, less two turns of 5 ms, then its wait.
# total 10.99s
import threading
import time

from loopscope import cpu


def make_pasta():
    cpu(3)
    time.sleep(5)


def make_toast():
    cpu(6)


cooks = [threading.Thread(target=cook) for cook in (make_pasta, make_toast)]
for cook in cooks:
    cook.start()
for cook in cooks:
    cook.join()
