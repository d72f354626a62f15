# ending exit
# says line 5: the program ended Python by `os._exit(7)`
import os

os._exit(7)
