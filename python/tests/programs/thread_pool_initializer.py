# total 0s
# prints ready | work
from concurrent.futures import ThreadPoolExecutor

with ThreadPoolExecutor(1, initializer=print, initargs=("ready",)) as pool:
    pool.submit(print, "work")
