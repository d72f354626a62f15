# says note: there are requests, but no ASGI app in the program
# with requests 2 GET /slow
print("no app")
