# total 1s
# ending error
# error EOFError line 5: reading a line
# says `input()` has no answer: `--input TEXT` gives it one line
name = input("name? ")
