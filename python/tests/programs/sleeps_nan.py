# ending error
# error ValueError line 5: NaN
import time

time.sleep(float("nan"))
