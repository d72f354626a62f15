# total 3s
# prints@ 1s 1 | 2s 2 | 3s 3
import time
from concurrent.futures import ThreadPoolExecutor, as_completed


def work(n):
    time.sleep(n)
    return n


with ThreadPoolExecutor(3) as pool:
    for future in as_completed([pool.submit(work, n) for n in (3, 1, 2)]):
        print(future.result())
