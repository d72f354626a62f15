# The program ends when its last thread ends.
# total 5s
# prints@ 0s main is over | 5s thread is over
import threading
import time


def work():
    time.sleep(5)
    print("thread is over")


threading.Thread(target=work).start()
print("main is over")
