# total 1s
# prints ['200', '200', '200']
# with stand_in httpx
import asyncio

import httpx


async def main():
    async with httpx.AsyncClient(timeout=5) as client:
        answers = await asyncio.gather(*(client.get(f"/{n}") for n in range(3)))
    print([str(answer.status_code) for answer in answers])


asyncio.run(main())
