# total 2s
# prints 10
import asyncio


class Limiter:
    def __init__(self, per_second):
        self.gap = 1 / per_second
        self.next = 0.0

    async def __aenter__(self):
        now = asyncio.get_running_loop().time()
        self.next = max(self.next, now) + self.gap
        await asyncio.sleep(self.next - now)

    async def __aexit__(self, *exception):
        pass


async def call(limiter):
    async with limiter:
        return 1


async def main():
    limiter = Limiter(5)
    print(sum(await asyncio.gather(*(call(limiter) for _ in range(10)))))


asyncio.run(main())
