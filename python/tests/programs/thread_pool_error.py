# total 1s
# prints caught boom
import time
from concurrent.futures import ThreadPoolExecutor


def work():
    time.sleep(1)
    raise ValueError("boom")


with ThreadPoolExecutor() as pool:
    try:
        pool.submit(work).result()
    except ValueError as error:
        print("caught", error)
