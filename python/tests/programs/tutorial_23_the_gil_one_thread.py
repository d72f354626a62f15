# total 2s
# prints@ 1s first | 2s second
from loopscope import cpu

for name in ("first", "second"):
    cpu(1)
    print(name)
