# prints ['a', 'b']
# with input a
# with input b
import sys

print([line.strip() for line in sys.stdin])
