# total 1s
# prints 3
# with stand_in tenacity
import time

from tenacity import retry, stop_after_attempt


@retry(stop=stop_after_attempt(3))
def f():
    time.sleep(1)
    return 3


print(f())
