# ending error
# error RuntimeError line 7: after shutdown
from concurrent.futures import ThreadPoolExecutor

pool = ThreadPoolExecutor()
pool.shutdown()
pool.submit(print)
