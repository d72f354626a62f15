# prints True
import random

first = random.random()
random.seed(1)
print(first == random.random())
