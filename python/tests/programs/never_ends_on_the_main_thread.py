# ending limit
# says line 7: the program still runs after 60s of its own time, the limit
# with time_limit 1min
import time

while True:
    time.sleep(10)
