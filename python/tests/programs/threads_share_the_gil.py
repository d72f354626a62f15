# total 2s
# prints@ 2s done
import threading

from loopscope import cpu

threads = [threading.Thread(target=cpu, args=(1,)) for _ in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("done")
