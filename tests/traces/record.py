"""Writes viztracer.json beside it: a real trace, for the tests of `open`.

`pip install viztracer==1.1.1`, then `python tests/traces/record.py`. Two tasks, a
thread and a blocking call, as VizTracer sees them; folders are taken out of its names.
"""

import asyncio
import json
import re
import time
from pathlib import Path

from viztracer import VizTracer

PLACE = Path(__file__).with_name("viztracer.json")


def burn(seconds):
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        pass


def report():
    time.sleep(0.02)


async def make_pasta():
    burn(0.01)
    await asyncio.sleep(0.03)
    burn(0.005)


async def make_toast():
    burn(0.02)
    await asyncio.to_thread(report)


async def main():
    await asyncio.gather(make_pasta(), make_toast())


if __name__ == "__main__":
    tracer = VizTracer(log_async=True, min_duration=500, verbose=0, output_file=str(PLACE))
    tracer.start()
    asyncio.run(main())
    tracer.stop()
    tracer.save()
    file = json.loads(PLACE.read_text())
    for event in file["traceEvents"]:
        event["name"] = re.sub(r"\((?:<.*>|/[^)]*/)?([^/)]*:\d+)\)", r"(\1)", event["name"])
    events = ",\n".join(json.dumps(event) for event in file["traceEvents"])
    metadata = json.dumps(file["viztracer_metadata"])
    PLACE.write_text(f'{{"viztracer_metadata": {metadata}, "traceEvents": [\n{events}\n]}}\n')
