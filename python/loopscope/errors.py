"""What the functions of this package raise. Each message says what to do."""


class LoopscopeError(Exception):
    """The base of all errors of this package."""


class CompanionMissing(LoopscopeError):
    """The program `loopscope` is needed for this, e.g. to simulate a script, and was not found."""


class ScriptError(LoopscopeError):
    """A script has errors; the message is the list that `loopscope check` prints."""


class VirtualTimeError(LoopscopeError, AssertionError):
    """A test on the virtual clock cannot hold: a deadlock, a limit, or something that needs the
    world outside."""


class BlockingCallError(VirtualTimeError):
    """Lines that held the event loop for longer than the test allows."""
