# ending exit
# says stopped: the program ended itself with exit code 3
import sys

sys.exit(3)
