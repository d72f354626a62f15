# ending error
# error FileNotFoundError line 3: No such file
open("/no/such/file")
