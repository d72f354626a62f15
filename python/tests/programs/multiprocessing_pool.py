# total 2s
# prints [0, 1, 4, 9]
import multiprocessing
import time


def square(n):
    time.sleep(1)
    return n * n


if __name__ == "__main__":
    with multiprocessing.Pool(2) as pool:
        print(pool.map(square, range(4)))
