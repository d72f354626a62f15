# total 5s
# prints 5.0
from time import perf_counter, sleep

begin = perf_counter()
sleep(5)
print(perf_counter() - begin)
