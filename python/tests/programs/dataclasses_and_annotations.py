# prints Point(x=1, y=2)
from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Point:
    x: int
    y: int = 2


print(Point(1))
