# ending refused
# says line 11: another thread is awaited inside a function on a thread
import asyncio


async def f():
    await asyncio.sleep(1)


def work(loop):
    return asyncio.run_coroutine_threadsafe(f(), loop).result()


async def main():
    await asyncio.to_thread(work, asyncio.get_running_loop())


asyncio.run(main())
