# total 1s
# prints a | default
import asyncio
import contextvars
import time

name = contextvars.ContextVar("name", default="default")


def work():
    time.sleep(0.5)
    return name.get()


async def main():
    name.set("a")
    print(await asyncio.to_thread(work))
    print(await asyncio.get_running_loop().run_in_executor(None, work))


asyncio.run(main())
