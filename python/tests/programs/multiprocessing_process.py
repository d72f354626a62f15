# total 2s
# prints@ 2s 0
import time
from multiprocessing import Process

process = Process(target=time.sleep, args=(2,))
process.start()
process.join()
print(process.exitcode)
