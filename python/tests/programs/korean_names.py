# total 3s
# prints@ 3s 안녕 철수
# ends 인사하기 done
import asyncio


async def 인사하기(이름):
    await asyncio.sleep(3)
    print("안녕", 이름)


async def 시작():
    await asyncio.create_task(인사하기("철수"))


asyncio.run(시작())
