# prints fine
print("fine")
