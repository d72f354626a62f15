# total 1s
# prints a | b | main
import asyncio
import contextvars

name = contextvars.ContextVar("name", default="main")


async def f(value):
    name.set(value)
    await asyncio.sleep(1)
    print(name.get())


async def main():
    await asyncio.gather(f("a"), f("b"))
    print(name.get())


asyncio.run(main())
