"""Runs many exported programs under the virtual loop, in one process.

Reads lines of JSON, `{"id": …, "source": …}`, and answers each with a line:
`{"id": …, "events": […], "ending": …, "waiting": […]}`, or `{"id": …, "error": …}`.
"""

import gc
import json
import signal
import sys
import traceback
import warnings

from virtual_loop import observe

SECONDS_MAX = 20
"""Of real time for one program, which takes a few milliseconds."""


class Hung(BaseException):
    pass


def on_alarm(signum, frame):
    raise Hung


def answer(request):
    signal.alarm(SECONDS_MAX)
    try:
        return observe(request["source"], f"<program {request['id']}>")
    except Hung:
        return {"error": f"still running after {SECONDS_MAX} s"}
    except BaseException:
        return {"error": traceback.format_exc()}
    finally:
        signal.alarm(0)


def main():
    if sys.version_info < (3, 11):
        sys.exit(f"Python 3.11 or newer is needed, this is {sys.version}")
    warnings.simplefilter("ignore")
    # Coroutines that are dropped unfinished complain to nobody.
    sys.unraisablehook = lambda unraisable: None
    signal.signal(signal.SIGALRM, on_alarm)
    # A collection in the middle of a program could end its forgotten tasks.
    gc.disable()
    for number, line in enumerate(sys.stdin, start=1):
        request = json.loads(line)
        reply = {"id": request["id"], **answer(request)}
        sys.stdout.write(json.dumps(reply, ensure_ascii=False) + "\n")
        if number % 50 == 0:
            gc.collect()
    sys.stdout.flush()


if __name__ == "__main__":
    main()
