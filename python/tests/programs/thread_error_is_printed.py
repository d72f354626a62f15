# total 0s
# says ZeroDivisionError: division by zero
# says no frame of the machine
import sys
import threading


def work():
    1 / 0


real_hook = threading.excepthook


def hook(told):
    real_hook(told)
    assert "machine.py" not in told.exc_traceback.tb_frame.f_code.co_filename
    print("no frame of the machine", file=sys.stderr)


threading.excepthook = hook
thread = threading.Thread(target=work)
thread.start()
thread.join()
