# total 2s
# prints@ 1s 김밥 | 2s 다 됐어요 3
# ends 주방.요리 done
import asyncio


class 주방:
    def __init__(self):
        self.접시 = []

    async def 요리(self, 이름, 초):
        await asyncio.sleep(초)
        self.접시.append(이름)
        return 이름


async def main():
    곳 = 주방()
    async with asyncio.TaskGroup() as 무리:
        하나 = 무리.create_task(곳.요리("김밥", 1))
        무리.create_task(곳.요리("라면", 2))
        print(await 하나)
        무리.create_task(곳.요리("떡", 1))
    print("다 됐어요", len(곳.접시))


asyncio.run(main())
