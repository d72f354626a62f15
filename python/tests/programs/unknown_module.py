# ending error
# error ModuleNotFoundError line 4: No module named 'no_such_library'
# says It is not installed for this Python, and there is no stand-in for it.
import no_such_library
