//! Threads, processes, their pools, and Celery jobs.

use super::super::piece::{self, Piece, PieceKind, Pool};
use super::super::value::{Value, Worker};
use super::call::Arguments;
use super::{Place, Translator};

impl<'t> Translator<'t> {
    /// Calls the function at `path`; returns the arguments if it is none of these.
    pub(super) fn call_pool(
        &mut self,
        path: &str,
        arguments: Arguments<'t>,
        line: u32,
    ) -> Result<Value, Arguments<'t>> {
        let value = match path {
            "concurrent.futures.ThreadPoolExecutor"
            | "concurrent.futures.thread.ThreadPoolExecutor"
            | "multiprocessing.pool.ThreadPool" => {
                let workers = arguments.get(0, "max_workers").count();
                // A script has one executor for all thread pools of a program; the largest one
                // sets its size.
                self.executor = self.executor.max(workers);
                self.has_threads = true;
                Value::Pool(Pool::Executor)
            }
            "concurrent.futures.ProcessPoolExecutor"
            | "concurrent.futures.process.ProcessPoolExecutor"
            | "multiprocessing.Pool"
            | "multiprocessing.pool.Pool" => {
                let workers = arguments.get(0, "max_workers").count();
                self.processes = self.processes.max(workers);
                self.has_threads = true;
                Value::Pool(Pool::Process)
            }
            "threading.Thread" => {
                self.has_own_threads = true;
                self.worker(Pool::Executor, &arguments, line)
            }
            "multiprocessing.Process" => self.worker(Pool::Process, &arguments, line),
            "concurrent.futures.as_completed" | "concurrent.futures.wait" => {
                let waited = arguments.get(0, "fs");
                self.wait_for_workers(&waited, line);
                Value::Many(Vec::new())
            }
            "celery.group" | "celery.chord" => self.send_group(arguments, line),
            "celery.chain" => {
                self.not_mapped(line, "chain");
                Value::Unknown
            }
            // The last part of `"shop.tasks.charge"` names the job.
            path if path.ends_with(".send_task") && path.starts_with("celery") => {
                let name = match arguments.get(0, "name") {
                    Value::Text(name) => name.rsplit('.').next().unwrap_or("job").to_owned(),
                    _ => "job".to_owned(),
                };
                self.send(Value::Missing(name), Arguments::default(), line)
            }
            _ => return Err(arguments),
        };
        Ok(value)
    }

    fn worker(&mut self, pool: Pool, arguments: &Arguments<'t>, line: u32) -> Value {
        self.has_threads = true;
        let target = arguments.named("target").cloned().unwrap_or(Value::Unknown);
        let given = match arguments.named("args") {
            Some(Value::Many(items)) => items.clone(),
            _ => Vec::new(),
        };
        let given = Arguments {
            place: given,
            ..Arguments::default()
        };
        let name = self.name_of(&target);
        let pieces = self.work(target, given, line);
        Value::Worker(Box::new(Worker {
            pool,
            name,
            pieces,
            handle: None,
        }))
    }

    /// `thread.start()`
    pub(super) fn start(&mut self, worker: &mut Worker, line: u32) {
        let pieces = worker.pieces.clone();
        let offload = Piece::new(line, PieceKind::Offload(worker.pool, pieces));
        let Value::Task(handle) = self.started(&worker.name.clone(), offload, line) else {
            return;
        };
        worker.handle = Some(handle);
    }

    /// Starts offloaded work that runs concurrently with its starter.
    fn started(&mut self, name: &str, offload: Piece, line: u32) -> Value {
        if self.place() == Place::Thread {
            // The work then runs in the thread that starts it.
            self.note(line, super::super::note::NoteKind::NotInThread);
            if let PieceKind::Offload(_, pieces) = offload.kind {
                self.emit_all(pieces);
            }
            return Value::Unknown;
        }
        let name = format!("{name}_{}", pool_word(&offload));
        let task = self.anonymous(&name, vec![offload], line);
        let handle = self.handle();
        self.put(line, PieceKind::Spawn(task, handle));
        if self.is_main() {
            // An OS thread starts at once; a task would wait for the main thread's next `await`.
            self.put(line, PieceKind::Yield);
        }
        Value::Task(handle)
    }

    /// `pool.submit(f, x)`
    pub(super) fn submit(
        &mut self,
        pool: Pool,
        called: Value,
        arguments: Arguments<'t>,
        line: u32,
    ) -> Value {
        let name = self.name_of(&called);
        let pieces = self.work(called, arguments, line);
        let offload = Piece::new(line, PieceKind::Offload(pool, pieces));
        self.started(&name, offload, line)
    }

    /// `pool.map(f, items)`. Waits here, although Python waits only when the results are read.
    pub(super) fn map(&mut self, pool: Pool, called: Value, items: &Value, line: u32) -> Value {
        let count = items.items().map(|(count, _)| count);
        if count.is_none() {
            let rounds = super::rounds::ROUNDS;
            self.note(line, super::super::note::NoteKind::AssumedRounds { rounds });
        }
        let asked = count.is_none();
        let count = count.unwrap_or(super::rounds::ROUNDS);
        if count == 0 {
            return Value::Unknown;
        }
        let name = self.name_of(&called);
        // All items are treated like the first.
        let item = match items {
            Value::Many(items) => items.first().map(|(_, item)| item.clone()),
            _ => None,
        };
        let arguments = Arguments {
            place: item.into_iter().map(|item| (1, item)).collect(),
            ..Arguments::default()
        };
        let pieces = self.work(called, arguments, line);
        if self.place() == Place::Thread {
            self.note(line, super::super::note::NoteKind::NotInThread);
            self.put(line, PieceKind::Repeat(count, pieces));
            return Value::Unknown;
        }
        let offload = Piece::new(line, PieceKind::Offload(pool, pieces));
        let name = format!("{name}_{}", pool.word());
        let task = self.anonymous(&name, vec![offload], line);
        let members = vec![(count, task)];
        let kind = PieceKind::Gather {
            all: false,
            members,
        };
        self.emit(Piece { line, asked, kind });
        Value::Range(count)
    }

    fn wait_for_workers(&mut self, waited: &Value, line: u32) {
        let Value::Many(items) = waited else { return };
        for (_, item) in items {
            if let Value::Task(handle) = item {
                self.put(line, PieceKind::Wait(*handle));
            }
        }
    }

    // Jobs.

    /// `task.delay(x)`
    pub(super) fn send(&mut self, called: Value, arguments: Arguments<'t>, line: u32) -> Value {
        let name = self.name_of(&called);
        let pieces = self.work(called, arguments, line);
        let task = self.job(&name, pieces, line);
        let handle = self.handle();
        self.put(line, PieceKind::Send(task, handle));
        Value::Task(handle)
    }

    fn send_group(&mut self, arguments: Arguments<'t>, line: u32) -> Value {
        let items = match arguments.get(0, "tasks") {
            Value::Many(items) => items,
            other => vec![(1, other)],
        };
        let mut sent: Vec<(u64, piece::Pieces)> = Vec::new();
        for (count, item) in items {
            let (pieces, _) = self.aside(|t| t.send(item, Arguments::default(), line));
            // Equal jobs become one `repeat`.
            match sent.last_mut() {
                Some((before, last)) if piece::alike(last, &pieces) => {
                    *before = before.saturating_add(count);
                }
                _ => sent.push((count, pieces)),
            }
        }
        for (count, pieces) in sent {
            match count {
                1 => self.emit_all(pieces),
                _ => self.put(line, PieceKind::Repeat(count, pieces)),
            }
        }
        Value::Unknown
    }

    /// The task of a job; the function itself if the job only calls it.
    fn job(&mut self, name: &str, pieces: piece::Pieces, line: u32) -> piece::Made {
        if let [piece] = pieces.as_slice()
            && let PieceKind::Call(task) = piece.kind
            && !self.tasks[task.0].is_async
        {
            return task;
        }
        self.task(super::Task {
            name: name.to_owned(),
            arguments: Vec::new(),
            is_async: false,
            pieces,
            line,
        })
    }
}

fn pool_word(offload: &Piece) -> &'static str {
    match offload.kind {
        PieceKind::Offload(pool, _) => pool.word(),
        _ => "task",
    }
}
