# total 1s
# ending error
# error EOFError line 5: reading a line
# says Give the answers with `--input TEXT`.
name = input("name? ")
