# Each process has a GIL of its own.
# total 8s
import time
from concurrent.futures import ProcessPoolExecutor

from loopscope import cpu


def make_pasta():
    cpu(3)
    time.sleep(5)


def make_toast():
    cpu(6)


if __name__ == "__main__":
    with ProcessPoolExecutor(2) as pool:
        pool.submit(make_pasta)
        pool.submit(make_toast)
