//! Threads, processes, their pools, and Celery jobs.

use super::super::note::NoteKind;
use super::super::piece::{self, GatherMode, PieceKind, PoolKind, ScriptPiece};
use super::super::value::{Value, Worker};
use super::call::{Arguments, label_of};
use super::{ThreadKind, Translator};

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
                let workers = arguments.argument_at(0, "max_workers").count();
                // A script has one executor for all thread pools of a program; the largest one
                // sets its size.
                self.executor = self.executor.max(workers);
                if *self.executor_line.get_or_insert(line) != line {
                    let what = "ThreadPoolExecutor".to_owned();
                    self.push_note(line, NoteKind::OneExecutor { what });
                }
                self.has_threads = true;
                Value::Pool(PoolKind::Executor)
            }
            "concurrent.futures.ProcessPoolExecutor"
            | "concurrent.futures.process.ProcessPoolExecutor"
            | "multiprocessing.Pool"
            | "multiprocessing.pool.Pool" => {
                let workers = arguments.argument_at(0, "max_workers").count();
                self.processes = self.processes.max(workers);
                self.has_threads = true;
                Value::Pool(PoolKind::Process)
            }
            "threading.Thread" => {
                self.has_own_threads = true;
                self.make_worker(PoolKind::Executor, &arguments, line)
            }
            "multiprocessing.Process" => self.make_worker(PoolKind::Process, &arguments, line),
            "concurrent.futures.as_completed" | "concurrent.futures.wait" => {
                let waited = arguments.argument_at(0, "fs");
                self.wait_for_workers(&waited, line);
                let first = arguments.named_argument("return_when").is_some();
                if path.ends_with("as_completed") || first {
                    let what = label_of(path);
                    self.push_note(line, NoteKind::WaitsForAll { what });
                }
                let count = waited.items().map_or(0, |(count, _)| count);
                super::asyncio::done_items(count)
            }
            "queue.Queue"
            | "queue.SimpleQueue"
            | "queue.LifoQueue"
            | "queue.PriorityQueue"
            | "threading.Timer"
            | "threading.Barrier" => {
                self.not_mapped(line, path);
                self.settle_all(arguments);
                Value::path(path)
            }
            path if path.starts_with("threading.")
                && (path.ends_with(".acquire") || path.ends_with(".wait")) =>
            {
                self.push_note(line, NoteKind::NotInThread);
                Value::Unknown
            }
            "celery.group" | "celery.chord" => self.send_group(arguments, line),
            "celery.chain" => {
                self.not_mapped(line, "chain");
                Value::Unknown
            }
            // The last part of `"shop.tasks.charge"` names the job.
            path if path.ends_with(".send_task") && path.starts_with("celery") => {
                let name = match arguments.argument_at(0, "name") {
                    Value::Text(name) => name.rsplit('.').next().unwrap_or("job").to_owned(),
                    _ => "job".to_owned(),
                };
                self.send_job(Value::Missing(name), Arguments::default(), line)
            }
            _ => return Err(arguments),
        };
        Ok(value)
    }

    fn make_worker(&mut self, pool: PoolKind, arguments: &Arguments<'t>, line: u32) -> Value {
        self.has_threads = true;
        let target = arguments
            .named_argument("target")
            .cloned()
            .unwrap_or(Value::Unknown);
        let given = match arguments.named_argument("args") {
            Some(Value::Many(items)) => items.clone(),
            _ => Vec::new(),
        };
        let given = Arguments {
            place: given,
            ..Arguments::default()
        };
        let name = self.name_of(&target);
        let pieces = self.offloaded_pieces(target, given, line);
        Value::Worker(Box::new(Worker {
            pool,
            name,
            pieces,
            handle: None,
        }))
    }

    /// `thread.start()`
    pub(super) fn start_worker(&mut self, worker: &mut Worker, line: u32) {
        let pieces = worker.pieces.clone();
        let offload = ScriptPiece::new(line, PieceKind::Offload(worker.pool, pieces));
        let Value::Task(handle) = self.start_offload(&worker.name.clone(), offload, line) else {
            return;
        };
        worker.handle = Some(handle);
    }

    /// Starts offloaded work that runs concurrently with its starter.
    fn start_offload(&mut self, name: &str, offload: ScriptPiece, line: u32) -> Value {
        if self.current_thread() == ThreadKind::Thread {
            // The work then runs in the thread that starts it.
            self.push_note(line, super::super::note::NoteKind::NotInThread);
            if let PieceKind::Offload(_, pieces) = offload.kind {
                self.emit_all(pieces);
            }
            return Value::Unknown;
        }
        let name = format!("{name}_{}", pool_word(&offload));
        let task = self.anonymous_task(&name, vec![offload], line);
        let handle = self.new_handle();
        self.push_kind(line, PieceKind::Spawn(task, handle));
        if self.is_main() {
            // An OS thread starts at once; a task would wait for the main thread's next `await`.
            self.push_kind(line, PieceKind::Yield);
        }
        Value::Task(handle)
    }

    /// `pool.submit(f, x)`
    pub(super) fn submit_call(
        &mut self,
        pool: PoolKind,
        called: Value,
        arguments: Arguments<'t>,
        line: u32,
    ) -> Value {
        let name = self.name_of(&called);
        let pieces = self.offloaded_pieces(called, arguments, line);
        let offload = ScriptPiece::new(line, PieceKind::Offload(pool, pieces));
        self.start_offload(&name, offload, line)
    }

    /// `pool.map(f, items)`. Waits here, although Python waits only when the results are read.
    pub(super) fn map_calls(
        &mut self,
        pool: PoolKind,
        called: Value,
        items: &Value,
        line: u32,
    ) -> Value {
        let count = items.items().map(|(count, _)| count);
        if count.is_none() {
            let rounds = super::rounds::ROUNDS;
            self.push_note(line, super::super::note::NoteKind::AssumedRounds { rounds });
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
        let pieces = self.offloaded_pieces(called, arguments, line);
        if self.current_thread() == ThreadKind::Thread {
            self.push_note(line, super::super::note::NoteKind::NotInThread);
            self.push_kind(line, PieceKind::Repeat(count, pieces));
            return Value::Unknown;
        }
        let offload = ScriptPiece::new(line, PieceKind::Offload(pool, pieces));
        let name = format!("{name}_{}", pool.word());
        let task = self.anonymous_task(&name, vec![offload], line);
        let members = vec![(count, task)];
        let kind = PieceKind::Gather {
            mode: GatherMode::Plain,
            members,
        };
        self.push_piece(ScriptPiece { line, asked, kind });
        Value::Range(count)
    }

    fn wait_for_workers(&mut self, waited: &Value, line: u32) {
        let Value::Many(items) = waited else { return };
        for (_, item) in items {
            if let Value::Task(handle) = item {
                self.push_kind(line, PieceKind::Wait(*handle));
            }
        }
    }

    // Jobs.

    /// `task.delay(x)`
    pub(super) fn send_job(&mut self, called: Value, arguments: Arguments<'t>, line: u32) -> Value {
        let name = self.name_of(&called);
        let pieces = self.offloaded_pieces(called, arguments, line);
        let task = self.job_task(&name, pieces, line);
        let handle = self.new_handle();
        self.push_kind(line, PieceKind::Send(task, handle));
        Value::Task(handle)
    }

    fn send_group(&mut self, arguments: Arguments<'t>, line: u32) -> Value {
        let items = match arguments.argument_at(0, "tasks") {
            Value::Many(items) => items,
            other => vec![(1, other)],
        };
        let mut sent: Vec<(u64, piece::ScriptPieces)> = Vec::new();
        for (count, item) in items {
            let (pieces, _) = self.collect_pieces(|t| t.send_job(item, Arguments::default(), line));
            // Equal jobs become one `repeat`.
            match sent.last_mut() {
                Some((before, last)) if piece::are_alike(last, &pieces) => {
                    *before = before.saturating_add(count);
                }
                _ => sent.push((count, pieces)),
            }
        }
        for (count, pieces) in sent {
            match count {
                1 => self.emit_all(pieces),
                _ => self.push_kind(line, PieceKind::Repeat(count, pieces)),
            }
        }
        Value::Unknown
    }

    /// The task of a job; the function itself if the job only calls it.
    fn job_task(&mut self, name: &str, pieces: piece::ScriptPieces, line: u32) -> piece::TaskId {
        if let [piece] = pieces.as_slice()
            && let PieceKind::Call(task) = piece.kind
            && !self.tasks[task.0].is_async
        {
            return task;
        }
        self.add_task(super::ScriptTask {
            name: name.to_owned(),
            arguments: Vec::new(),
            is_async: false,
            pieces,
            line,
        })
    }
}

fn pool_word(offload: &ScriptPiece) -> &'static str {
    match offload.kind {
        PieceKind::Offload(pool, _) => pool.word(),
        _ => "task",
    }
}
