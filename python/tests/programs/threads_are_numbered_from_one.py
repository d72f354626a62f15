# total 0s
# prints Thread-1 (work) | Thread-2 (work)
import threading


def work():
    print(threading.current_thread().name)


for _ in range(2):
    threading.Thread(target=work).start()
