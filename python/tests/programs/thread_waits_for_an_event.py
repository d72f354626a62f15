# ending refused
# says line 9: another thread is awaited inside a function on a thread
import threading

event = threading.Event()


def work():
    event.wait()


threading.Thread(target=work).start()
