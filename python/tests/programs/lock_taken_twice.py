# ending refused
# says line 7: the lock is taken twice by one thread, which then waits for itself
import threading

lock = threading.Lock()
lock.acquire()
lock.acquire()
