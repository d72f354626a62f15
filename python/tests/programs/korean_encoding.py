# -*- coding: cp949 -*-
# prints 안녕하세요
print("안녕하세요")
