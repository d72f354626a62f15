# total 5s
# prints@ 1s too slow
import time
from concurrent.futures import ThreadPoolExecutor

with ThreadPoolExecutor() as pool:
    future = pool.submit(time.sleep, 5)
    try:
        future.result(timeout=1)
    except TimeoutError:
        print("too slow")
