# prints 🍝 | é | a	b
print("🍝")
print("e\u0301".encode().decode() and "é")
print("a\tb")
