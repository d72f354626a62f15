"""A Celery worker that runs one job at a time and records it.

`worker.py FOLDER NUMBER` prints `ready` when it waits for jobs. For each job it adds
a line to `jobs-NUMBER.jsonl`, before it publishes the result: the job's id, the
worker's number and the log of its records, with times of the system's monotonic clock.
"""

import json
import os
import sys


def main():
    folder, number = sys.argv[1], int(sys.argv[2])
    sys.path.insert(0, folder)
    import program
    import script
    import watch
    from celery import signals

    watcher = watch.RealWatcher(script.begin(folder), program.__file__)
    watcher.begin_ns = 0
    watcher.replace_functions(program)
    log = os.path.join(folder, f"jobs-{number}.jsonl")
    for task in program.app.tasks.values():
        if task.__module__ == "program":
            task.run = watched(task, watcher, number, log)

    # Celery prints to standard output, so discard that and keep a copy for `ready`.
    ready = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    signals.worker_ready.connect(lambda **options: os.write(ready, b"ready\n"), weak=False)
    options = ["--concurrency", "1", "--hostname", f"worker{number}@loopscope"]
    quiet = ["--loglevel", "ERROR", "--without-gossip", "--without-mingle", "--without-heartbeat"]
    program.app.worker_main(["worker", *options, *quiet])


def watched(task, watcher, number, path):
    """The task's function, recorded. A call by another task is a part of that task."""
    run = task.run

    def at_work():
        if watcher.current >= 0:
            return run()
        log = []
        try:
            with watcher.job(log):
                run()
        finally:
            with open(path, "a", encoding="utf-8") as file:
                file.write(json.dumps([task.request.id, number, log]) + "\n")

    return at_work


if __name__ == "__main__":
    main()
