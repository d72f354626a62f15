# ending error
# error ValueError line 8: coroutine was expected
import asyncio


def main():
    pass
asyncio.run(main)
