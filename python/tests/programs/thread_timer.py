# total 3s
# prints@ 3s rings
import threading

threading.Timer(3, print, ("rings",)).start()
