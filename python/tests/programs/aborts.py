# ending exit
# says the program ended Python by `os._exit(134)`
import os

os.abort()
