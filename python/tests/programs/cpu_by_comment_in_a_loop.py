# total 6s
def work(n):  # cpu 1s
    """Computes a second in each call."""
    return n


for n in range(3):  # cpu 1s
    work(n)
