"""A module of a program, see own_module_is_imported.py."""

import asyncio


async def greet():
    await asyncio.sleep(1)
    print("hello from parts")
