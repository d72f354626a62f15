"""Runs one exported program for real; prints what happened and when, as JSON.

`measure.py FOLDER` runs `program.py` in that folder. Times are nanoseconds of
the wall clock since `main` began.
"""

import asyncio
import json
import sys
import time

from watch import Record


def main():
    folder = sys.argv[1]
    sys.path.insert(0, folder)
    # Imported under a name that workers of a process pool can import, too.
    import program

    begin = time.perf_counter_ns()
    record = Record(program.__file__, lambda: time.perf_counter_ns() - begin)
    program.print = record.print
    program.respond = record.respond

    async def measured():
        nonlocal begin
        begin = time.perf_counter_ns()
        await program.main()

    with asyncio.Runner() as runner:
        runner.get_loop().set_task_factory(record.task_factory)
        runner.run(measured())
    print(json.dumps({"id": 0, "events": record.events}))


if __name__ == "__main__":
    main()
