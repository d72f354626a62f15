# total 0s
# prints
