# ending exit
# total 2s
# prints@ 0s begins | 1s bye second | 2s bye first
import atexit
import sys
import time


@atexit.register
def last():
    time.sleep(1)
    print("bye first")


def never():
    print("never")


atexit.register(never)
atexit.register(lambda words: (time.sleep(1), print(words)), "bye second")
atexit.unregister(never)
print("begins")
sys.exit(3)
