# ending error
# error ValueError line 5: sleep length must be non-negative
import time

time.sleep(-1)
