"""The table of library calls: `library.txt`, a copy of the one of crates/reader.

The rules are those of `look_up` in crates/reader/src/library.rs.
"""

import functools
import os
from dataclasses import dataclass, field

from .. import durations


@dataclass
class Table:
    #: (path, `await` | `block` | `cpu`, nanoseconds)
    calls: list[tuple[str, str, int]] = field(default_factory=list)
    quick_modules: set[str] = field(default_factory=set)
    quick_methods: set[str] = field(default_factory=set)
    preparing_methods: set[str] = field(default_factory=set)
    #: Only the static reader asks for them.
    everyday_methods: set[str] = field(default_factory=set)
    #: Libraries of which only some methods take time.
    working_methods: dict[str, set[str]] = field(default_factory=dict)

    def modules(self) -> set[str]:
        """The libraries that the table knows."""
        return {path.split(".")[0] for path, _, _ in self.calls} | self.quick_modules


@functools.cache
def table() -> Table:
    # By the loader, since the package may be in a zip file.
    filename = os.path.join(os.path.dirname(__file__), "library.txt")
    return parse(__spec__.loader.get_data(filename).decode("utf-8"))


def parse(text: str) -> Table:
    """Raises ValueError at a line that is none."""
    result = Table()
    section = ""
    for line in text.splitlines():
        words = line.split("#")[0].split()
        if not words:
            continue
        if words[0].startswith("["):
            section = line.strip("[] ")
        elif section == "calls":
            path, manner, length = words
            result.calls.append((path, manner, durations.parse(length)))
        elif section == "working methods":
            result.working_methods[words[0]] = set(words[1:])
        else:
            getattr(result, section.replace(" ", "_")).update(words)
    return result


NOTHING = ("nothing", 0)
PREPARES = ("prepares", 0)


@functools.lru_cache(maxsize=4096)
def look_up(path: str) -> tuple[str, int]:
    """How a call of this path spends its time: `await`, `block`, `cpu`, `prepares` or
    `nothing`, and for how many nanoseconds."""
    known = table()
    last = path.rpartition(".")[2]
    call = entry(path)
    if call is None:
        return NOTHING
    prefix, manner, length = call
    if last in known.quick_methods and path != "open":
        # aiofiles sends each read to a thread, so even quick methods are awaited.
        if path.startswith("aiofiles") and last != "close":
            return ("await", 10 * durations.MILLISECOND)
        return NOTHING
    if path in ("aiofiles.open", "PIL.Image.open"):
        return PREPARES
    if path != prefix and last in known.preparing_methods:
        return PREPARES
    # A capital letter marks a class: making an object is quick.
    if last[:1].isupper():
        return PREPARES
    # E.g. `sqlalchemy.select`: building a query takes no time, executing it does.
    above = [prefix for prefix in known.working_methods if (path + ".").startswith(prefix + ".")]
    if above and last not in known.working_methods[max(above, key=len)]:
        return PREPARES
    return (manner, length)


def entry(path: str) -> tuple[str, str, int] | None:
    """The longest entry at or above a path."""
    above = [call for call in table().calls if (path + ".").startswith(call[0] + ".")]
    return max(above, key=lambda call: len(call[0]), default=None)
