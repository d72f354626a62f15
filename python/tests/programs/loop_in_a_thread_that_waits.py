# ending refused
# says line 7: work on another thread is awaited inside a function on a thread
import asyncio
import threading

loop = asyncio.new_event_loop()
threading.Thread(target=loop.run_forever).start()
