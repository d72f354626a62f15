# ending error
# error IndentationError line 5
def f():
    pass
  return 1
