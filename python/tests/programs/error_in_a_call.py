# ending error
# error ZeroDivisionError line 5: division by zero
# says called from line 8
def f(n):
    return 1 / n


f(0)
