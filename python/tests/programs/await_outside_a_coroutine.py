# ending error
# error SyntaxError line 5: outside function
# says `await` works inside `async def` only.
import asyncio
await asyncio.sleep(1)
