# total 2s
# prints@ 2s goes on
import sys
import threading
import time


def work():
    time.sleep(1)
    sys.exit(3)


thread = threading.Thread(target=work)
thread.start()
thread.join()
time.sleep(1)
print("goes on")
