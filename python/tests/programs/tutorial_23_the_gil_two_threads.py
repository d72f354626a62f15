# As long as on one thread: they take turns of 5 ms.
# total 2s
import threading

from loopscope import cpu

threads = [threading.Thread(target=cpu, args=(1,)) for _ in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
