# A pool of two handles four blocking requests in two rounds.
# total 2s
# with stand_in requests
from concurrent.futures import ThreadPoolExecutor

import requests


def fetch(n):
    return requests.get(f"https://example.org/{n}").status_code


with ThreadPoolExecutor(2) as pool:
    assert list(pool.map(fetch, range(4))) == [200] * 4
