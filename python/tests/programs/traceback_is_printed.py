# total 0s
# says ZeroDivisionError: division by zero
import traceback

try:
    1 / 0
except ZeroDivisionError:
    traceback.print_exc()
