# ending error
# error SyntaxError: is not in utf-8
print("¾È³ç")
