# The thread begins first and keeps the GIL for 5 ms; then main sleeps for a second.
# total 1.005s
import threading
import time

from loopscope import cpu

thread = threading.Thread(target=cpu, args=(1,))
thread.start()
time.sleep(1)
thread.join()
