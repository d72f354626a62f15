# Python's `Thread.start` waits until the thread has begun.
# total 2s
# prints@ 0s work begins | 0s main goes on | 2s work ends
import threading
import time


def work():
    print("work begins")
    time.sleep(2)
    print("work ends")


threading.Thread(target=work).start()
print("main goes on")
