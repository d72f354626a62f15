"""The command line of this package.

The program runs in a child process, so that it can be stopped whatever it does: the child
keeps to the limit of memory, and is ended if it keeps computing inside C code.
"""

import argparse
import contextlib
import gc
import math
import os
import subprocess
import sys
import tempfile
import traceback

from . import __version__, asgi, durations, report, trace
from .limits import Limits
from .result import Run
from .runner import EXIT_LIMIT, Options, run_file, run_source

GRACE_SECONDS = 5.0
"""How much longer than its limit a child may take, on a machine where it has a core."""

BUSY = 3
"""How many times longer a run takes on a machine that is busy with others."""

REPORT_SECONDS = 300.0
"""The most that printing and writing of the trace may take after the run."""

CHILD = "LOOPSCOPE_CHILD"
"""Set in the environment of the child process: a file that it removes when the run is over."""

EXIT_ERROR = 1
EXIT_USAGE = 2


def parser() -> argparse.ArgumentParser:
    main = argparse.ArgumentParser(
        prog="python -m loopscope", description="Real asyncio programs on a virtual clock."
    )
    main.add_argument("--version", action="version", version=f"loopscope {__version__}")
    commands = main.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="Run a program; its seconds pass in no time")
    run.add_argument("program", help="The program, a Python file; `-` reads it from the input")
    run.add_argument(
        "--requests",
        action="append",
        default=[],
        metavar="LOAD",
        help='Call the program\'s app, e.g. "100 GET /ping every 10ms"',
    )
    run.add_argument(
        "--time-limit",
        default="24h",
        metavar="TIME",
        help="Of the program's own time [default: 24h, at most 7d]",
    )
    run.add_argument(
        "--stand-in",
        action="append",
        default=[],
        metavar="NAME",
        help="Replace a library although it is installed",
    )
    run.add_argument(
        "--count-computing",
        action="store_true",
        help="Computing takes as long as on this machine; not exact",
    )
    run.add_argument(
        "--input", action="append", default=[], metavar="TEXT", help="A line for `input()`"
    )
    run.add_argument("--trace", metavar="FILE", help="Write the trace, for `loopscope open`")
    run.add_argument(
        "--real-limit",
        type=_real_seconds,
        default=20.0,
        metavar="SECONDS",
        help="Of real computing [default: 20]",
    )
    run.add_argument(
        "--memory-limit",
        type=_mebibytes,
        default=2048,
        metavar="MIB",
        help="Of memory, where the system can limit it [default: 2048]",
    )
    run.add_argument(
        "arguments", nargs="*", default=[], help="Arguments of the program, after `--`"
    )
    return main


def _real_seconds(text: str) -> float:
    seconds = float(text)
    if not 0 < seconds < math.inf:
        raise argparse.ArgumentTypeError(f"`{text}` is no limit; write e.g. 20")
    return seconds


def _mebibytes(text: str) -> int:
    size = int(text)
    if size <= 0:
        raise argparse.ArgumentTypeError(f"`{text}` is no limit; write e.g. 2048")
    return size


def main(arguments: list[str]) -> int:
    # What follows `--` is the program's own.
    own: list[str] = []
    if "--" in arguments:
        cut = arguments.index("--")
        arguments, own = arguments[:cut], arguments[cut + 1 :]
    if arguments and arguments[0] != "run" and not arguments[0].startswith("-"):
        print(
            f"error: `{arguments[0]}` is a command of the program `loopscope`, which is not installed "
            "with this package; without it there is `run`",
            file=sys.stderr,
        )
        return EXIT_USAGE
    chosen = parser().parse_args(arguments)
    chosen.arguments = chosen.arguments + own
    try:
        time_ns = durations.parse(chosen.time_limit)
        if not 0 < time_ns <= durations.WEEK:
            raise ValueError(f"the time limit is `{chosen.time_limit}`; write at most 7d")
        for load in chosen.requests:
            asgi.parse_load(load)
    except ValueError as error:
        print(f"error: {error}", file=sys.stderr)
        return EXIT_USAGE
    if CHILD in os.environ:
        return run_here(chosen, time_ns)
    return supervise(arguments + (["--", *own] if own else []), chosen.real_limit)


def supervise(arguments: list[str], real_seconds: float) -> int:
    """Runs this command in a child process and answers for it if it does not."""
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    path = os.pathsep.join(filter(None, [package, os.environ.get("PYTHONPATH")]))
    # Without a fixed seed the order of sets of texts would differ from run to run.
    environment = {**os.environ, "PYTHONHASHSEED": "0", "PYTHONPATH": path}
    command = [sys.executable, "-m", "loopscope", *arguments]
    with tempfile.TemporaryDirectory() as folder:
        running = os.path.join(folder, "running")
        with open(running, "w", encoding="utf-8"):
            pass
        child = subprocess.Popen(command, env={**environment, CHILD: running})
        try:
            code = wait(child, running, BUSY * real_seconds + GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
            print(
                f"stopped: the program still computes after {real_seconds:g} s of real time, the "
                "limit, and could not be interrupted"
            )
            return EXIT_LIMIT
        except KeyboardInterrupt:
            child.kill()
            child.wait()
            return 130
    if code < 0:
        print(f"stopped: Python itself crashed or was killed (signal {-code})")
        return EXIT_ERROR
    return code


def wait(child: subprocess.Popen, running: str, seconds: float) -> int:
    """The child's exit code. The limit is for its run, not for its report."""
    try:
        return child.wait(seconds)
    except subprocess.TimeoutExpired:
        if os.path.exists(running):
            raise
    return child.wait(REPORT_SECONDS)


def run_here(chosen: argparse.Namespace, time_ns: int) -> int:
    limits = Limits(
        time_ns=time_ns,
        real_seconds=chosen.real_limit,
        memory_bytes=chosen.memory_limit << 20,
    )
    _limit_memory(limits.memory_bytes)
    options = Options(
        limits=limits,
        requests=chosen.requests,
        stand_ins=chosen.stand_in,
        count_computing=chosen.count_computing,
        input=chosen.input,
        arguments=chosen.arguments,
    )
    # The garbage collector need not look through Python's library and this package.
    gc.freeze()
    try:
        run = _run(chosen.program, options)
    except OSError as error:
        print(f"cannot read `{chosen.program}`: {error.strerror}", file=sys.stderr)
        return EXIT_USAGE
    except Exception as error:
        return _failed(error)
    with contextlib.suppress(OSError):
        os.remove(os.environ[CHILD])
    sys.stdout.reconfigure(errors="backslashreplace")
    code = run.exit_code
    try:
        sys.stdout.write(report.text(run))
        sys.stdout.flush()
    except BrokenPipeError:
        # E.g. `| head -1`.
        pass
    try:
        if chosen.trace:
            trace.write(run, chosen.trace)
    except OSError as error:
        print(f"cannot write `{chosen.trace}`: {error.strerror}", file=sys.stderr, flush=True)
        code = EXIT_USAGE
    # Threads that a library left behind must not keep the process.
    os._exit(code)


def _run(program: str, options: Options) -> Run:
    if program == "-":
        return run_source(sys.stdin.buffer.read(), "<stdin>", options)
    return run_file(program, options)


def _failed(error: Exception) -> int:
    """A mistake of this package, in one line."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{os.path.basename(frame.filename)} line {frame.lineno}"
    print(
        f"error: Loopscope itself failed: {type(error).__name__}: {error} ({where}). "
        "Please report it with the program.",
        file=sys.stderr,
    )
    return EXIT_ERROR


def _limit_memory(size: int) -> None:
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (size, size))
    except (ImportError, ValueError, OSError):
        # Windows, and systems that do not know this limit: a run is then not bounded.
        pass
