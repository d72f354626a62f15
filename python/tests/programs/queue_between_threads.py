# total 3s
# prints@ 3s [0, 1, 2]
import queue
import threading
import time

items = queue.Queue()
seen = []


def consume():
    while (item := items.get()) is not None:
        time.sleep(1)
        seen.append(item)


for number in range(3):
    items.put(number)
items.put(None)
thread = threading.Thread(target=consume)
thread.start()
thread.join()
print(seen)
