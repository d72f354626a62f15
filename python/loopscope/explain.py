"""Plain words for errors that beginners of asyncio meet. Python's own message comes first."""

import re
import sys

_RULES: list[tuple[str, str, str]] = [
    (
        "RuntimeError",
        r"asyncio\.run\(\) cannot be called from a running",
        "`asyncio.run` starts a loop, and one runs already. Inside a coroutine write `await f()`.",
    ),
    (
        "RuntimeError",
        r"no running event loop",
        "This works only inside a coroutine. Start one with `asyncio.run(main())`.",
    ),
    (
        "RuntimeError",
        r"cannot reuse already awaited coroutine",
        "A coroutine can be awaited once. Call the function again for another one.",
    ),
    (
        "RuntimeError",
        r"attached to a different loop|bound to a different event loop",
        "A lock, queue, future or task belongs to the loop in which it was first used. "
        "Make it inside the coroutine.",
    ),
    (
        "TypeError",
        r"object \w+ can't be used in 'await' expression|object can't be awaited",
        "Only coroutines, tasks and futures can be awaited; this is a plain value. Leave `await` out.",
    ),
    (
        "TypeError",
        r"A coroutine object is required|a coroutine was expected",
        "A coroutine is what calling an `async def` gives: write `main()`, with parentheses.",
    ),
    (
        "TypeError",
        r"An asyncio\.Future, a coroutine or an awaitable is required",
        "Only coroutines, tasks and futures can be waited for; call the `async def` first.",
    ),
    (
        "TypeError",
        r"Passing coroutines is forbidden",
        "`asyncio.wait` takes tasks: wrap each coroutine in `asyncio.create_task`.",
    ),
    ("SyntaxError", r"'await' outside (async )?function", "`await` works inside `async def` only."),
    (
        "SyntaxError",
        r"'async (with|for)' outside async function",
        "This works inside `async def` only.",
    ),
    (
        "TimeoutError",
        r"",
        "A time limit in the program passed; catch it with `except TimeoutError`.",
    ),
    ("CancelledError", r"", "The task was cancelled and nothing caught it."),
    ("InvalidStateError", r"", "The result of a future can be set once, and read when it is set."),
    (
        "RecursionError",
        r"",
        "A function calls itself without end; it needs a case in which it returns.",
    ),
    ("MemoryError", r"", "The program asked for more memory than a run may have."),
    (
        "ModuleNotFoundError",
        r"No module named '([^']*)'",
        "It is not installed for this Python, and there is no stand-in for it.",
    ),
    (
        "EOFError",
        r"reading a line",
        "A run has no keyboard; its answers are given before it begins.",
    ),
    ("ExceptionGroup", r"", "Tasks of one group failed; the first failure cancelled the others."),
    (
        "BaseExceptionGroup",
        r"",
        "Tasks of one group failed; the first failure cancelled the others.",
    ),
    ("QueueShutDown", r"", "The queue was shut down while this task used it."),
    ("BrokenBarrierError", r"", "Another task left the barrier, so it can no longer be passed."),
]


_LEFT_OUT = (
    "The page leaves out this part of Python's library; run the program on a Python of your own."
)


def explanation(kind: str, message: str) -> str | None:
    """What to do about an error; None if Python's message has to do."""
    for name, pattern, words in _RULES:
        found = re.search(pattern, message) if name == kind else None
        if found:
            if name == "ModuleNotFoundError" and found[1].split(".")[0] in sys.stdlib_module_names:
                return _LEFT_OUT
            return words
    return None
