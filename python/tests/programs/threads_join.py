# total 3s
# prints@ 1s thread 1 | 3s thread 3 | 3s joined
import threading
import time


def work(n):
    time.sleep(n)
    print("thread", n)


threads = [threading.Thread(target=work, args=(n,)) for n in (1, 3)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("joined")
