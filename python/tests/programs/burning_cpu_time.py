# Blocking is no CPU time: the loop computes two seconds beside the sleep.
# total 5s
# prints@ 5s 2.0
import time


def burn(seconds):
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


begin = time.process_time()
burn(1)
time.sleep(3)
burn(1)
print(round(time.process_time() - begin, 2))
