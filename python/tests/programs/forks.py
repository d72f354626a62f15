# ending refused
# says line 5: `os.fork` starts another process
import os

os.fork()
