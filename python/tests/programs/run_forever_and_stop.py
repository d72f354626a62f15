# total 3s
# prints@ 1s tick | 2s tick | 3s tick
import asyncio

count = 0


def tick():
    global count
    count += 1
    print("tick")
    if count == 3:
        loop.stop()
    else:
        loop.call_later(1, tick)


loop = asyncio.new_event_loop()
loop.call_later(1, tick)
loop.run_forever()
loop.close()
