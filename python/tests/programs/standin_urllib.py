# total 1s
# prints 200
import urllib.request

with urllib.request.urlopen("https://example.org") as response:
    print(response.status)
