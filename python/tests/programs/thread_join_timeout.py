# total 5s
# prints@ 1s True | 5s False
import threading
import time

thread = threading.Thread(target=time.sleep, args=(5,))
thread.start()
thread.join(1)
print(thread.is_alive())
thread.join()
print(thread.is_alive())
