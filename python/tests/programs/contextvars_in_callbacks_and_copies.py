# total 2s
# prints@ 1s callback inside | 1s copy changed | 2s main outside
import asyncio
import contextvars

where = contextvars.ContextVar("where", default="outside")


def tell(name):
    print(name, where.get())


def change():
    where.set("changed")
    tell("copy")


async def f():
    where.set("inside")
    asyncio.get_running_loop().call_later(1, tell, "callback")
    await asyncio.sleep(1)
    contextvars.copy_context().run(change)
    await asyncio.sleep(1)


async def main():
    await asyncio.create_task(f())
    tell("main")


asyncio.run(main())
