# total 4s
# prints@ 2s first | 4s second
import queue
import threading
import time

items = queue.Queue()


def produce():
    for word in ("first", "second"):
        time.sleep(2)
        items.put(word)


threading.Thread(target=produce).start()
for _ in range(2):
    print(items.get())
