# ending refused
# says line 5: another thread never happens: nothing else runs
import threading

threading.Event().wait()
