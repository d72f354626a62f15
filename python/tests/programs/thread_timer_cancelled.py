# total 3s
# prints
import threading
import time

timer = threading.Timer(3, print, ("rings",))
timer.start()
time.sleep(1)
timer.cancel()
