# prints fine
print("fine")
