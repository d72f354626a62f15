# ending limit
# says line 10: the program still runs after 60min of its own time, the limit; a thread without an end
# with time_limit 1h
import threading
import time


def tick():
    while True:
        time.sleep(1)


threading.Thread(target=tick, daemon=True).start()
time.sleep(3)
