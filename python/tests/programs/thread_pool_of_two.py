# total 4s
# prints@ 2s 1 | 2s 2 | 4s 3
import time
from concurrent.futures import ThreadPoolExecutor


def work(n):
    time.sleep(2)
    return n


with ThreadPoolExecutor(2) as pool:
    for future in [pool.submit(work, n) for n in (1, 2, 3)]:
        print(future.result())
