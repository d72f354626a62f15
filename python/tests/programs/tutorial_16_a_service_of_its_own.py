# Two processes of the service are the limit: 8 calls of 2 s, and 0.1 s of HTTP around each.
# total 8.1s
# prints@ 1s healthy
import asyncio
from concurrent.futures import ProcessPoolExecutor

service = ProcessPoolExecutor(2)


def infer():  # cpu 2s
    return 0.9


async def predict():
    await asyncio.sleep(0.05)
    await asyncio.get_running_loop().run_in_executor(service, infer)
    await asyncio.sleep(0.05)


async def health():
    await asyncio.sleep(1)
    print("healthy")


async def main():
    await asyncio.gather(health(), *[predict() for _ in range(8)])


asyncio.run(main())
