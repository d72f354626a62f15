# total 2s
# prints name? Ada | age? 36 | Ada 36
# with input Ada
# with input 36
name = input("name? ")
age = int(input("age? "))
print(name, age)
