# total 2s
# prints True False
import time
from concurrent.futures import ThreadPoolExecutor

with ThreadPoolExecutor(1) as pool:
    first = pool.submit(time.sleep, 2)
    second = pool.submit(time.sleep, 2)
    print(second.cancel(), first.cancel() and second.cancelled())
