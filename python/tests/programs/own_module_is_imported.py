# total 1s
# prints hello from parts
import asyncio

from parts.greetings import greet

asyncio.run(greet())
