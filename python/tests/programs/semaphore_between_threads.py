# total 2s
# prints@ 2s done
import threading
import time

permits = threading.Semaphore(2)


def work():
    with permits:
        time.sleep(1)


threads = [threading.Thread(target=work) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("done")
