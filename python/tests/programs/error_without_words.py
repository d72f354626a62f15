# ending error
# error Wordless line 8: its `__str__` raises RuntimeError
class Wordless(Exception):
    def __str__(self):
        raise RuntimeError


raise Wordless
