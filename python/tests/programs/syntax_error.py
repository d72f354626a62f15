# ending error
# error SyntaxError line 4
# says await asyncio.sleep 1
async def main() await asyncio.sleep 1
