# total 3s
# prints@ 1s 1 2
import time
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait


def work(n):
    time.sleep(n)


with ThreadPoolExecutor(3) as pool:
    done, pending = wait([pool.submit(work, n) for n in (3, 1, 2)], return_when=FIRST_COMPLETED)
    print(len(done), len(pending))
