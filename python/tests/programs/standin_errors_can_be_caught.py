# prints fine
# with stand_in requests
import requests

try:
    requests.get("https://example.org", timeout=1)
    raise requests.exceptions.ConnectionError("boom")
except requests.exceptions.ConnectionError:
    print("fine")
