"""A Celery worker that runs one job at a time and records it.

`worker.py FOLDER NUMBER` prints `ready` when it waits for jobs. For each job it adds
a line to `jobs-NUMBER.jsonl`, before it publishes the result: the job's id, the
worker's number and the records, with times of the system's monotonic clock.
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

    # Celery prints to standard output, so discard that and keep a copy for `ready`.
    ready = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    signals.worker_ready.connect(lambda **options: os.write(ready, b"ready\n"), weak=False)
    options = ["--concurrency", "1", "--hostname", f"worker{number}@loopscope"]
    quiet = ["--loglevel", "ERROR", "--without-gossip", "--without-mingle", "--without-heartbeat"]
    program.app.worker_main(["worker", *options, *quiet])


def watched(task, recorder, number, path):
    """The task's function, recorded. A call by another task is a part of that task."""
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
