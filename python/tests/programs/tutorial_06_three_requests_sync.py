# total 9s
# prints@ 3s 1 | 6s 2 | 9s 3
# with stand_in requests
import requests

for number in (1, 2, 3):
    requests.get("https://example.org")  # 3s
    print(number)
