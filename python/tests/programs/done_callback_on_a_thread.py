# The callback of a future runs on the thread that set it.
# total 3s
# prints@ 1s callback begins | 3s callback ends
import time
from concurrent.futures import ThreadPoolExecutor


def callback(future):
    print("callback begins")
    time.sleep(2)
    print("callback ends")


with ThreadPoolExecutor(1) as pool:
    pool.submit(time.sleep, 1).add_done_callback(callback)
