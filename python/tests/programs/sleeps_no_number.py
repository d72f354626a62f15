# ending error
# error TypeError line 5: object cannot be interpreted as an integer
import time

time.sleep("a second")
