"""Measures asyncio's own costs on this machine, without a watcher.

`calibrate.py FOLDER` writes `trace.json`: for each cost the nanoseconds of several
rounds, e.g. `"hop": [9100, 9042, …]`. Uses the standard library only.
"""

import asyncio
import json
import os
import sys
import threading
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

ROUNDS = 7


def main():
    folder = sys.argv[1]
    sys.path.insert(0, folder)
    rounds = {
        "hop": [asyncio.run(hop()) for _ in range(ROUNDS)],
        "hand_over": [asyncio.run(hand_over()) for _ in range(ROUNDS)],
        "thread_start": [thread_start() for _ in range(ROUNDS)],
        "process_start": [],
        "ipc": [],
    }
    for _ in range(ROUNDS):
        start, message = asyncio.run(process())
        rounds["process_start"].append(start)
        rounds["ipc"].append(message)
    version = ".".join(map(str, sys.version_info[:3]))
    result = {"rounds": rounds, "versions": {"Python": version}}
    unfinished = os.path.join(folder, "trace.unfinished")
    with open(unfinished, "w", encoding="utf-8") as file:
        json.dump(result, file)
    os.replace(unfinished, os.path.join(folder, "trace.json"))


async def hop(count=5_000):
    begin = time.perf_counter_ns()
    for _ in range(count):
        await asyncio.sleep(0)
    return (time.perf_counter_ns() - begin) // count


async def hand_over(count=300):
    """One way between loop and thread: half of a round trip."""
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(1) as pool:
        await loop.run_in_executor(pool, nothing)
        begin = time.perf_counter_ns()
        for _ in range(count):
            await loop.run_in_executor(pool, nothing)
        return (time.perf_counter_ns() - begin) // count // 2


def thread_start(count=100):
    """From `start` until the thread's function runs."""
    total = 0
    for _ in range(count):
        began = []
        thread = threading.Thread(target=lambda: began.append(time.perf_counter_ns()))
        begin = time.perf_counter_ns()
        thread.start()
        thread.join()
        total += began[0] - begin
    return total // count


async def process(count=100):
    """The start of a process, and one message to or from it.

    The first call includes a round trip, which later calls measure alone.
    """
    loop = asyncio.get_running_loop()
    with ProcessPoolExecutor(1) as pool:
        begin = time.perf_counter_ns()
        await loop.run_in_executor(pool, nothing)
        first = time.perf_counter_ns() - begin
        begin = time.perf_counter_ns()
        for _ in range(count):
            await loop.run_in_executor(pool, nothing)
        there_and_back = (time.perf_counter_ns() - begin) // count
    return max(0, first - there_and_back), there_and_back // 2


def nothing():
    pass


if __name__ == "__main__":
    main()
