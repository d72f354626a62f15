# total 1s
# prints@ 1s main goes on
import threading
import time

threading.excepthook = lambda told: None


def work():
    time.sleep(1)
    raise ValueError("boom")


thread = threading.Thread(target=work)
thread.start()
thread.join()
print("main goes on")
