# ending limit
# says line 7: the program printed more than 1,000,000 characters, the limit
# with real_limit 4
import sys

while True:
    sys.stdout.write("xx")
