# total 3s
# prints@ 3s 3
import threading
import time

lock = threading.Lock()
count = 0


def work():
    global count
    with lock:
        time.sleep(1)
        count += 1


threads = [threading.Thread(target=work) for _ in range(3)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(count)
