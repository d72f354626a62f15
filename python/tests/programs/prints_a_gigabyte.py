# ending limit
# says line 5: the program printed more than 1,000 characters, the limit
# with output 1000
while True:
    print("x" * 99)
