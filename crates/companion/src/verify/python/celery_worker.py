"""One Celery worker that runs one job at a time, watched from outside.

`worker.py FOLDER NUMBER` says `ready` when it waits for jobs. What a job did is
a line of `jobs-NUMBER.jsonl`, written before its result is known: its id, the
worker, and records whose times are the system's.
"""

import json
import os
import sys


def main():
    folder, number = sys.argv[1], int(sys.argv[2])
    sys.path.insert(0, folder)
    import program
    import watch
    from celery import signals

    with open(os.path.join(folder, "plan.json"), encoding="utf-8") as file:
        plan = json.load(file)
    recorder = watch.Recorder(plan, program.__file__)
    recorder.begin_ns = 0
    recorder.watch(program)
    log = os.path.join(folder, f"jobs-{number}.jsonl")
    for task in program.app.tasks.values():
        if task.__module__ == "program":
            task.run = watched(task, recorder, number, log)

    # What the worker prints is not for us, but this is.
    ready = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    signals.worker_ready.connect(lambda **options: os.write(ready, b"ready\n"), weak=False)
    options = ["--concurrency", "1", "--hostname", f"worker{number}@loopscope"]
    quiet = ["--loglevel", "ERROR", "--without-gossip", "--without-mingle", "--without-heartbeat"]
    program.app.worker_main(["worker", *options, *quiet])


def watched(task, recorder, number, path):
    """The task's function; tells what it did. Called by another task, it is part of that."""
    run = task.run
    _, _, segment = recorder.functions[task.__name__]

    def at_work():
        if getattr(recorder.local, "who", -1) >= 0:
            return run()
        recorder.records = []
        recorder.local.who = recorder.local.lane = 0
        recorder.add(recorder.now(), 0, "running", 0, segment)
        ended = "failed"
        try:
            run()
            ended = "done"
        finally:
            recorder.add(recorder.now(), 0, ended, -1, segment)
            recorder.local.who = -1
            log = [(at, state, place) for at, _, state, _, place, _ in recorder.records]
            with open(path, "a", encoding="utf-8") as file:
                file.write(json.dumps([task.request.id, number, log]) + "\n")

    return at_work


if __name__ == "__main__":
    main()
