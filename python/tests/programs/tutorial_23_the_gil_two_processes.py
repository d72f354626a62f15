# total 1s
from concurrent.futures import ProcessPoolExecutor

from loopscope import cpu

if __name__ == "__main__":
    with ProcessPoolExecutor(2) as pool:
        list(pool.map(cpu, [1, 1]))
