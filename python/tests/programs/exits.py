# ending finished
# prints before
print("before")
exit()
print("after")
