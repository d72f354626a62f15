"""Runs an exported Celery app once, with its own Redis and workers.

`celery_main.py FOLDER` starts the `redis` of `plan.json` on a socket in the folder,
and the plan's number of workers. It runs `program.py`, which sends jobs, waits for
all jobs, and writes `trace.json`. It fails if Redis or a worker ends early.
"""

import asyncio
import json
import os
import socket
import subprocess
import sys
import threading
import time


def main():
    folder = sys.argv[1]
    sys.path.insert(0, folder)
    from loop import WatchedLoop, replace_pools
    import script
    import watch

    plan = script.begin(folder)
    helpers = Helpers(folder)
    os.environ["REDIS_URL"] = helpers.start_redis(plan["redis"])
    helpers.start_workers(plan["jobs"])
    import program

    watch.WATCHER = watcher = watch.RealWatcher(plan, program.__file__)
    watcher.replace_functions(program)
    loop = WatchedLoop(watcher)
    pools = replace_pools(program, watcher, loop)
    jobs = Jobs(program, watcher, loop, folder)

    async def measured():
        watcher.begin_ns = time.monotonic_ns()
        await program.main()

    with watcher.watching():
        asyncio.Runner(loop_factory=lambda: loop).run(measured())
    jobs.finish()
    for pool in pools:
        pool.shutdown(wait=True)
    helpers.end()
    result = script.result(watcher, "finished", None)
    result["versions"] |= helpers.versions
    script.write_result(folder, "trace.json", result)
    # Without the exit, Celery's threads would wait for a Redis that was killed.
    os._exit(0)


class Helpers:
    """Redis and the workers, which must live as long as the run."""

    def __init__(self, folder):
        self.folder = folder
        self.processes = []
        self.versions = {}
        self.ending = threading.Event()

    def start_redis(self, program):
        """Starts Redis in memory only, on a socket that only this user can open."""
        place = os.path.join(self.folder, "redis.sock")
        if len(place.encode()) > 100:
            sys.exit(f"the path of the socket is too long ({place}); name a shorter TMPDIR")
        options = ["--port", "0", "--unixsocket", place, "--unixsocketperm", "700"]
        options += ["--save", "", "--appendonly", "no", "--dir", self.folder]
        # Its standard output has nothing but a logo; errors go to standard error.
        server = subprocess.Popen(
            [program, *options, "--loglevel", "warning"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        self.watch("redis-server", server)
        while not answers(place):
            time.sleep(0.005)
        import redis

        version = redis.Redis(unix_socket_path=place).info("server")["redis_version"]
        self.versions["Redis"] = version
        return f"redis+socket://{place}"

    def start_workers(self, count):
        import celery

        self.versions["Celery"] = celery.__version__
        main = os.path.join(self.folder, "worker.py")
        workers = []
        for number in range(count):
            worker = subprocess.Popen(
                [sys.executable, "-I", "-B", main, self.folder, str(number)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
            )
            self.watch("a Celery worker", worker)
            workers.append(worker)
        # After all have started, so that they start in parallel. Each prints `ready`.
        for worker in workers:
            worker.stdout.readline()

    def watch(self, name, process):
        self.processes.append(process)
        threading.Thread(target=self._wait, args=(name, process), daemon=True).start()

    def _wait(self, name, process):
        code = process.wait()
        if self.ending.is_set():
            return
        print(f"{name} ended in the middle of the run (exit code {code})", file=sys.stderr, flush=True)
        os._exit(1)

    def end(self):
        self.ending.set()
        for process in reversed(self.processes):
            process.kill()


def answers(place):
    with socket.socket(socket.AF_UNIX) as client:
        try:
            client.connect(place)
            client.sendall(b"PING\r\n")
            return client.recv(16).startswith(b"+PONG")
        except OSError:
            return False


class Jobs:
    """The jobs that the program sent, and their results."""

    def __init__(self, program, watcher, loop, folder):
        self.watcher = watcher
        self.loop = loop
        self.folder = folder
        self.sent = {}
        self.revoked = {}
        self.results = []
        self.app = program.app
        # Connect before the clock starts, so that the first job does not pay for it.
        with self.app.producer_or_acquire() as producer:
            producer.connection.ensure_connection()
        self.app.backend.client.ping()
        for task in self.app.tasks.values():
            if task.__module__ == "program":
                self.watch(task)
        if hasattr(program, "result_of"):
            self.ask = program.result_of
            program.result_of = self.result_of

    def watch(self, task):
        send = task.delay

        def delay():
            instance = self.watcher.requested(task, "sent", "queued_job")
            result = send()
            self.sent[result.id] = instance
            self.results.append(result)
            revoke = result.revoke

            def revoked():
                self.revoked[result.id] = self.watcher.now()
                revoke()

            result.revoke = revoked
            return result

        task.delay = delay

    async def result_of(self, job):
        """The program's `result_of`, which polls in a task that is not recorded.

        The waiting task is woken once, by the job's end, and not by every poll.
        """
        answer = self.loop.create_future()
        self.watcher.awaited_as(answer, "waiting_task")
        asking = self.loop.create_task(self.ask(job))

        def answered(asking):
            if not answer.done() and not asking.cancelled():
                cause = self.sent[job.id].number
                error = asking.exception()
                tell = answer.set_result if error is None else answer.set_exception
                self.loop.wake(self.watcher.now(), cause, tell, (error,))

        asking.add_done_callback(answered)
        try:
            await answer
        except asyncio.CancelledError:
            asking.cancel()
            raise

    def finish(self):
        """Waits for the jobs that the program did not await. Adds the workers' records."""
        logs = {}
        while True:
            logs |= self.logs()
            left = [result for result in self.results if result.id not in logs]
            if all(result.id in self.revoked and result.state == "REVOKED" for result in left):
                break
            time.sleep(0.02)
        for result in self.results:
            instance = self.sent[result.id]
            if result.id in logs:
                worker, log = logs[result.id]
                self.watcher.import_log(instance, "job", worker, log)
            else:
                at_ns = self.revoked[result.id]
                self.watcher.records.append((at_ns, instance.number, "cancelled", -1, None, -1))

    def logs(self):
        """By job id: its worker and its records."""
        found = {}
        for name in os.listdir(self.folder):
            if not name.startswith("jobs-"):
                continue
            with open(os.path.join(self.folder, name), encoding="utf-8") as file:
                for line in file:
                    # A worker may be writing its last line just now.
                    if line.endswith("\n"):
                        job, worker, log = json.loads(line)
                        found[job] = worker, log
        return found


if __name__ == "__main__":
    main()
