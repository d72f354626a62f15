"""Real asyncio on a virtual clock.

`python -m loopscope run program.py` runs an unmodified program. Its seconds pass in no time,
every run is the same, and every state of every task is known with its line.
"""

from .computing import cpu

__all__ = ["cpu"]
__version__ = "0.1.0"
