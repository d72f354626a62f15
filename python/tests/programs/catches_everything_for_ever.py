# ending limit
# says of real time, the limit
# with real_limit 0.3
import time

tries = 0
while tries < 3:
    try:
        while True:
            pass
    except BaseException:
        tries += 1
