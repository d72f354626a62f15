# ending refused
# says line 10: another thread is awaited inside a function on a thread
import queue
import threading

items = queue.Queue()


def consume():
    print(items.get())


threading.Thread(target=consume).start()
items.put(1)
