# ending error
# error ValueError line 5: non-negative
from loopscope import cpu

cpu(-1)
