"""Ends this process group when standard input does.

The companion holds the other end of the pipe: however it dies, nothing that it
started stays behind.
"""

import os
import shutil
import signal
import threading


def hold(folder):
    """Watches on a thread of its own, which does nothing until then."""

    def watch():
        while os.read(0, 64):
            pass
        shutil.rmtree(folder, ignore_errors=True)
        os.killpg(0, signal.SIGKILL)

    threading.Thread(target=watch, name="lifeline", daemon=True).start()
