# total 1s
# prints fine
import threading
import time

lock = threading.RLock()


def work():
    with lock:
        with lock:
            time.sleep(1)


thread = threading.Thread(target=work)
thread.start()
thread.join()
print("fine")
