# Eight workers, four cores: twice as long.
# total 2s
from concurrent.futures import ProcessPoolExecutor

from loopscope import cpu

with ProcessPoolExecutor(8) as pool:
    list(pool.map(cpu, [1] * 8))
