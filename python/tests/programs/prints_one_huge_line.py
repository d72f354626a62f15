# ending limit
# says the program printed more than 1,000 characters, the limit
# with output 1000
import sys

sys.stdout.write("x" * 1_000_000)
