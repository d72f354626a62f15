# total 2s
# prints Worker-1 done
import threading
import time


class Worker(threading.Thread):
    def run(self):
        time.sleep(2)
        self.result = f"{self.name} done"


worker = Worker(name="Worker-1")
worker.start()
worker.join()
print(worker.result)
