# ending error
# ¾È³ç in cp949
# error SyntaxError: is not in UTF-8; save it as UTF-8, or name its encoding
print("never")
