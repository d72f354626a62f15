# A loop that reads the clock computes; it does not turn for ever.
# total 2s
# prints done
import time

end = time.time() + 2
while time.time() < end:
    pass
print("done")
