# ending refused
# says line 8: another thread is awaited inside a function on a thread
import time
from concurrent.futures import ThreadPoolExecutor


def outer(pool):
    return pool.submit(time.sleep, 1).result()


with ThreadPoolExecutor(1) as pool:
    pool.submit(outer, pool).result()
