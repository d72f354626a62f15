# total 350ms
# prints done
# with stand_in requests
import requests

requests.get("https://example.org")  # 300ms
requests.get("https://example.org")  # takes 50ms
print("done")
