# total 3s
# prints [3, 1, 2]
import time
from concurrent.futures import ThreadPoolExecutor


def work(n):
    time.sleep(n)
    return n


with ThreadPoolExecutor() as pool:
    print(list(pool.map(work, [3, 1, 2])))
