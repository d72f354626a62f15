# total 2s
# prints@ 2s woken
import threading
import time

event = threading.Event()


def work():
    time.sleep(2)
    event.set()


threading.Thread(target=work).start()
event.wait()
print("woken")
