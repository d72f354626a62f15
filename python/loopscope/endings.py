"""How a run ends other than by finishing.

All of these are `BaseException`s, so that a program's `except Exception` does not catch them.
"""


class Stop(BaseException):
    """The run is over, whatever the program still wants to do."""

    ending = "stopped"

    def __init__(self, message: str = ""):
        super().__init__(message)
        self.message = message


class Deadlock(Stop):
    """No task is ready, no timer is set and no thread has work, but something still waits."""

    ending = "deadlock"


class LimitReached(Stop):
    """The program used up one of its limits; the message names it."""

    ending = "limit"


class Refused(Stop):
    """The program asked for something that a run on a virtual clock cannot do."""

    ending = "refused"
