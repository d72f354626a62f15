# ending error
# says error: line 8:
import asyncio


def main():
    pass
asyncio.run(main)
