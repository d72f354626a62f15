# ending error
# error RecursionError: maximum recursion depth exceeded
# says A function calls itself without end; it needs a case in which it returns.
def f(n):
    return f(n + 1)


f(0)
