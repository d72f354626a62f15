# total 2s
# prints 200 True
# says line 11: `requests.get` is a stand-in: block 1 s is assumed
# with stand_in requests
import asyncio

import requests


async def main():
    response = requests.get("https://example.org")
    requests.post("https://example.org")
    print(response.status_code, response.ok)


asyncio.run(main())
