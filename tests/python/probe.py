"""How busy the machine is: prints how much longer computing takes than it should.

Two processes compute for 0.1 s of CPU time each, at once. On a machine with two
free cores that takes 0.1 s, and 1.0 is printed.
"""

import time
from concurrent.futures import ProcessPoolExecutor

SECONDS = 0.1


def stretch(_):
    begin = time.perf_counter()
    end = time.thread_time() + SECONDS
    while time.thread_time() < end:
        pass
    return (time.perf_counter() - begin) / SECONDS


if __name__ == "__main__":
    with ProcessPoolExecutor(2) as processes:
        print(max(processes.map(stretch, range(2))))
