# total 7s
# prints 7.0 7.0 7.0 7.0 7.0
import asyncio
import time


async def main():
    loop = asyncio.get_running_loop()
    begins = time.time(), time.monotonic(), time.perf_counter(), time.time_ns(), loop.time()
    await asyncio.sleep(5)
    time.sleep(2)
    print(
        time.time() - begins[0],
        time.monotonic() - begins[1],
        time.perf_counter() - begins[2],
        (time.time_ns() - begins[3]) / 1e9,
        loop.time() - begins[4],
    )


asyncio.run(main())
