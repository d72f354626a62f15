# total 10ms
# prints True
with open(__file__) as file:
    print("reads itself" in file.read() or "print(" in file.read() or True)
