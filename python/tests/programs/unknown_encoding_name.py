# -*- coding: no-such-encoding -*-
# ending error
# error SyntaxError: encoding
print("never")
