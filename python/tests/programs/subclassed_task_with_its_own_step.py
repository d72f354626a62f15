# total 2s
# prints@ 2s timed 2.0 | 2s failed no
# ends works done, fails failed
import asyncio


class TimedTask(asyncio.Task):
    def __init__(self, coroutine, **options):
        self.began = options["loop"].time()
        super().__init__(coroutine, **options)
        self.add_done_callback(TimedTask.tell)

    def tell(self):
        if self.exception():
            print("failed", self.exception())
        else:
            print("timed", round(self.get_loop().time() - self.began, 3))


async def works():
    await asyncio.sleep(2)


async def fails():
    await asyncio.sleep(2)
    raise ValueError("no")


async def main():
    loop = asyncio.get_running_loop()
    loop.set_task_factory(lambda loop, coroutine, **options: TimedTask(coroutine, loop=loop, **options))
    await asyncio.gather(works(), fails(), return_exceptions=True)
    # `asyncio.run` makes tasks of its own at its end.
    loop.set_task_factory(None)


asyncio.run(main())
