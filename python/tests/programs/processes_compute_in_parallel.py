# total 1s
# prints [1, 1, 1, 1]
from concurrent.futures import ProcessPoolExecutor

from loopscope import cpu


def work(n):
    cpu(1)
    return 1


if __name__ == "__main__":
    with ProcessPoolExecutor(4) as pool:
        print(list(pool.map(work, range(4))))
