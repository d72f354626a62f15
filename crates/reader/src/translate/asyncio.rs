//! The functions of asyncio, AnyIO and FastAPI that matter to a schedule, and `time.sleep`.

use std::collections::BTreeMap;

use super::super::note::NoteKind;
use super::super::piece::{
    self, GatherMode, HandleId, PieceKind, PoolKind, ScriptPiece, ScriptPieces, TaskId, TimeLimit,
};
use super::super::tidy::started_task;
use super::super::value::Value;
use super::call::{Arguments, label_of};
use super::{SharedKind, ThreadKind, Translator};
use model::workload::Length;

impl<'t> Translator<'t> {
    /// Calls the function at `path`; returns the arguments if it is none of these.
    pub(super) fn call_asyncio(
        &mut self,
        path: &str,
        arguments: Arguments<'t>,
        line: u32,
    ) -> Result<Value, Arguments<'t>> {
        let (module, name) = path.rsplit_once('.').unwrap_or(("", path));
        let ours = [
            "asyncio",
            "anyio",
            "trio",
            "time",
            "starlette",
            "fastapi",
            "asgiref",
        ];
        let root = path.split('.').next().unwrap_or(path);
        if !ours.contains(&root) {
            return Err(arguments);
        }
        let value = match name {
            "sleep" if root == "time" => {
                self.translate_sleep(arguments.argument_at(0, "secs"), line)
            }
            "sleep" => self.async_sleep(arguments.argument_at(0, "delay"), line),
            "gather" => self.translate_gather(arguments, line),
            "create_task" | "ensure_future" => {
                self.translate_spawn(arguments.argument_at(0, "coro"), line)
            }
            "run" | "run_until_complete" if root != "fastapi" => {
                self.run_now(arguments.argument_at(0, "main"), arguments, line)
            }
            "run_sync" | "run_in_threadpool" => {
                let limiter = arguments.named_argument("limiter").cloned();
                let called = arguments.argument_at(0, "func");
                let arguments = arguments.skip_places(1);
                let value = self.translate_offload(PoolKind::Thread, called, arguments, line);
                self.limited_by(limiter, value, line)
            }
            "to_thread" if module == "asyncio" => self.translate_offload(
                PoolKind::Executor,
                arguments.argument_at(0, "func"),
                arguments.skip_places(1),
                line,
            ),
            // Calling the wrapped function is calling `run_in_threadpool` with it.
            "sync_to_async" => Value::Partial(
                Box::new(Value::path("fastapi.concurrency.run_in_threadpool")),
                vec![arguments.argument_at(0, "func")],
            ),
            "run_in_executor" => {
                let pool = match arguments.argument_at(0, "executor") {
                    Value::Pool(pool) => pool,
                    _ => PoolKind::Executor,
                };
                let called = arguments.argument_at(1, "func");
                self.translate_offload(pool, called, arguments.skip_places(2), line)
            }
            "wait_for" => self.wait_for(arguments, line),
            // `timeout(None)` is no limit.
            "timeout" | "fail_after" | "move_on_after" if arguments.is_none => Value::Unknown,
            "timeout" | "fail_after" | "move_on_after" => {
                let moves_on = name == "move_on_after";
                self.translate_timeout(arguments.argument_at(0, "delay"), moves_on, line)
            }
            "shield" => self.translate_shield(arguments.argument_at(0, "arg"), line),
            "wait" | "as_completed" => {
                let mode = match arguments.named_argument("return_when") {
                    Some(Value::Path(path) | Value::Missing(path)) => label_of(path),
                    Some(Value::Text(text)) => text.clone(),
                    _ => String::new(),
                };
                let mode = mode.rsplit('.').next().unwrap_or_default();
                self.wait_for_some(arguments.argument_at(0, "aws"), name, mode, line)
            }
            "TaskGroup" | "create_task_group" => Value::TaskGroup,
            "get_running_loop" | "get_event_loop" | "new_event_loop" => Value::path("asyncio.loop"),
            "Semaphore" | "BoundedSemaphore" | "CapacityLimiter" => {
                let permits = arguments.argument_at(0, "value").count().unwrap_or(1);
                self.declare_resource(SharedKind::Semaphore(permits))
            }
            "Lock" => self.declare_resource(SharedKind::Lock),
            "Event" => self.declare_resource(SharedKind::Event),
            "Condition" => self.declare_resource(SharedKind::Condition),
            "Queue" | "PriorityQueue" | "LifoQueue" => {
                let size = arguments.argument_at(0, "maxsize").count();
                self.declare_resource(SharedKind::Queue(size.filter(|size| *size > 0)))
            }
            "Depends" | "Security" => {
                let called = arguments.argument_at(0, "dependency");
                Value::Depends(Box::new(called), Box::default())
            }
            "BackgroundTasks" => Value::Background,
            "set_task_factory" => {
                self.eager |= matches!(
                    arguments.argument_at(0, "factory"),
                    Value::Path(path) if path.ends_with("eager_task_factory")
                );
                Value::Unknown
            }
            "create_memory_object_stream"
            | "run_coroutine_threadsafe"
            | "from_thread"
            | "call_later"
            | "call_at"
            | "call_soon_threadsafe"
            | "add_reader" => {
                self.not_mapped(line, name);
                Value::Unknown
            }
            _ => return Err(arguments),
        };
        Ok(value)
    }

    fn translate_sleep(&mut self, length: Value, line: u32) -> Value {
        // The script starts the program's threads from tasks of this loop. An `await` lets them
        // continue during the sleep; a `block` would not.
        let waits = self.current_thread() == ThreadKind::Main && self.has_threads;
        let piece = match (length.length(), waits) {
            (Some(length), true) => ScriptPiece::new(line, PieceKind::Await(length, None)),
            (Some(length), false) => ScriptPiece::new(line, PieceKind::Block(length, None)),
            (None, true) => self.guessed_piece(line, "time.sleep", "await"),
            (None, false) => self.guessed_piece(line, "time.sleep", "block"),
        };
        self.push_piece(piece);
        Value::Unknown
    }

    fn async_sleep(&mut self, length: Value, line: u32) -> Value {
        let piece = match length.length() {
            // `sleep(0)` yields to the loop for one iteration.
            Some(Length::Fixed(length)) if length.is_zero() => {
                ScriptPiece::new(line, PieceKind::Yield)
            }
            Some(length) => ScriptPiece::new(line, PieceKind::Await(length, None)),
            None => self.guessed_piece(line, "asyncio.sleep", "await"),
        };
        self.coroutine_value("sleep".to_owned(), line, vec![piece])
    }

    fn translate_gather(&mut self, arguments: Arguments<'t>, line: u32) -> Value {
        let mode = match arguments.named_argument("return_exceptions") {
            Some(_) => GatherMode::All,
            None => GatherMode::Plain,
        };
        // `gather(*unknown)`: neither the number nor the tasks are known.
        if arguments.is_open && arguments.place.is_empty() {
            let piece = self.guessed_piece(line, "gather", "await");
            return self.coroutine_value("gather".to_owned(), line, vec![piece]);
        }
        let mut members: Vec<(u64, piece::TaskId)> = Vec::new();
        let mut waits = ScriptPieces::new();
        for (count, value) in arguments.place {
            if let Value::Task(handle) = value {
                waits.push(ScriptPiece::new(line, PieceKind::Wait(handle)));
                continue;
            }
            // The future of an executor is an awaitable like any other.
            let Some(task) = self.task_of(value, line) else {
                continue;
            };
            match members.last_mut() {
                Some((before, last)) if *last == task => *before = before.saturating_add(count),
                _ => members.push((count, task)),
            }
        }
        let mut pieces = ScriptPieces::new();
        members.retain(|(count, _)| *count > 0);
        if !members.is_empty() {
            pieces.push(ScriptPiece::new(line, PieceKind::Gather { mode, members }));
        }
        pieces.extend(waits);
        self.coroutine_value("gather".to_owned(), line, pieces)
    }

    pub(super) fn translate_spawn(&mut self, value: Value, line: u32) -> Value {
        let Some(task) = self.task_of(value, line) else {
            return Value::Unknown;
        };
        let handle = self.new_handle();
        self.push_kind(line, PieceKind::Spawn(task, handle));
        Value::Task(handle)
    }

    /// `asyncio.run(main())` or `anyio.run(main)`.
    fn run_now(&mut self, value: Value, arguments: Arguments<'t>, line: u32) -> Value {
        let value = match value {
            Value::Def(_) => self.call_value(value, arguments.skip_places(1), line),
            other => other,
        };
        match value {
            Value::Coroutine(made) => {
                self.emit_all(made.pieces);
                made.result
            }
            Value::Pending { label, line } => {
                let piece = self.guessed_piece(line, &label, "await");
                self.push_piece(piece);
                Value::Unknown
            }
            Value::Task(handle) => {
                self.push_kind(line, PieceKind::Wait(handle));
                Value::Unknown
            }
            _ => Value::Unknown,
        }
    }

    pub(super) fn translate_offload(
        &mut self,
        pool: PoolKind,
        called: Value,
        arguments: Arguments<'t>,
        line: u32,
    ) -> Value {
        let name = self.name_of(&called);
        let pieces = self.offloaded_pieces(called, arguments, line);
        let piece = ScriptPiece::new(line, PieceKind::Offload(pool, pieces));
        self.coroutine_value(name, line, vec![piece])
    }

    fn translate_timeout(&mut self, length: Value, moves_on: bool, line: u32) -> Value {
        let after = length.length().unwrap_or_else(|| {
            self.guessed_piece(line, "timeout", "await");
            Length::Fixed(self.options.assumed)
        });
        Value::Limit { after, moves_on }
    }

    fn wait_for(&mut self, arguments: Arguments<'t>, line: u32) -> Value {
        let awaited = arguments.argument_at(0, "fut");
        let name = self.name_of(&awaited);
        let pieces = match awaited {
            Value::Coroutine(made) => made.pieces,
            Value::Task(handle) => vec![ScriptPiece::new(line, PieceKind::Wait(handle))],
            _ => vec![self.guessed_piece(line, &name, "await")],
        };
        let limit = arguments.argument_at(1, "timeout");
        // `timeout=None` is no limit.
        let Some(after) = limit.length() else {
            return self.coroutine_value(name, line, pieces);
        };
        let kind = match pieces.as_slice() {
            // A coroutine of the program. A library's call is no task of its own.
            [piece]
                if let PieceKind::Call(made) = piece.kind
                    && self.tasks[made.0].is_async =>
            {
                PieceKind::Limited(after, made)
            }
            _ => {
                let limit = TimeLimit {
                    length: after,
                    // Its block is a coroutine of its own, which cannot use the handles around it.
                    is_wait_for: !piece::any_piece(&pieces, has_handle),
                };
                PieceKind::Timeout(limit, pieces, None)
            }
        };
        let pieces = vec![ScriptPiece::new(line, kind)];
        self.coroutine_value(name, line, pieces)
    }

    fn translate_shield(&mut self, value: Value, line: u32) -> Value {
        let name = self.name_of(&value);
        if let Value::Task(handle) = value {
            // A script can shield a task that it starts here, but not one that runs already.
            let wait = ScriptPiece::new(line, PieceKind::Wait(handle));
            self.not_mapped(line, "shield");
            return self.coroutine_value(name, line, vec![wait]);
        }
        let Some(task) = self.task_of(value, line) else {
            return Value::Unknown;
        };
        self.coroutine_value(
            name,
            line,
            vec![ScriptPiece::new(line, PieceKind::Shield(task))],
        )
    }

    /// `wait` and `as_completed`; `mode` is the last part of `return_when`.
    fn wait_for_some(&mut self, awaited: Value, name: &str, mode: &str, line: u32) -> Value {
        let is_first = mode.starts_with("FIRST");
        if name == "wait" && !is_first {
            return self.wait_for_all(awaited, name, line);
        }
        let items = match &awaited {
            Value::Many(items) => items.as_slice(),
            _ => &[],
        };
        // A script cancels the tasks that lose, which is true if the program does it.
        let fits = name == "as_completed" || (mode == "FIRST_COMPLETED" && self.cancels_tasks());
        if fits && let Some(members) = self.take_members(items, line) {
            if name == "as_completed" {
                return Value::Completing(members);
            }
            let mode = GatherMode::First;
            let piece = ScriptPiece::new(line, PieceKind::Gather { mode, members });
            return self.coroutine_value("wait".to_owned(), line, vec![piece]);
        }
        let what = if is_first { mode } else { name }.to_owned();
        self.push_note(line, NoteKind::WaitsForAll { what });
        self.wait_for_all(awaited, name, line)
    }

    /// Whether the function that is followed cancels tasks.
    fn cancels_tasks(&self) -> bool {
        let own = self.open.last().map(|def| self.definitions[*def].def);
        own.is_some_and(|def| def.body.iter().any(super::function::mentions_cancel))
    }

    /// The tasks of awaitables that start where they are awaited. Handles count if their spawns are
    /// the last pieces before; then these are taken back.
    fn take_members(&mut self, items: &[(u64, Value)], line: u32) -> Option<Vec<(u64, TaskId)>> {
        let mut handles: BTreeMap<HandleId, Option<TaskId>> = BTreeMap::new();
        for (_, item) in items {
            match item {
                // Two places of one task are one task.
                Value::Task(handle) if handles.insert(*handle, None).is_some() => return None,
                Value::Task(_) | Value::Coroutine(_) | Value::Pending { .. } => {}
                _ => return None,
            }
        }
        let block = self.current_frame().blocks.last_mut()?;
        let mut kept = Vec::new();
        let mut missing = handles.len();
        let mut start = block.len();
        while missing > 0 {
            start = start.checked_sub(1)?;
            let piece = &block[start];
            match started_task(piece) {
                Some((_, made, handle)) => {
                    *handles.get_mut(&handle)? = Some(made);
                    missing -= 1;
                }
                // A spawn by a thread yields, so that the thread starts at once.
                None if piece.kind == PieceKind::Yield => {}
                None if matches!(piece.kind, PieceKind::Print(_)) => kept.push(piece.clone()),
                None => return None,
            }
        }
        block.truncate(start);
        block.extend(kept.into_iter().rev());
        self.raced.extend(handles.keys());
        let mut members: Vec<(u64, TaskId)> = Vec::new();
        for (count, item) in items {
            let made = match item {
                Value::Task(handle) => handles.get(handle).copied().flatten(),
                other => self.task_of(other.clone(), line),
            };
            match (members.last_mut(), made) {
                (Some((before, last)), Some(made)) if *last == made => {
                    *before = before.saturating_add(*count);
                }
                (_, Some(made)) => members.push((*count, made)),
                (_, None) => {}
            }
        }
        (!members.is_empty()).then_some(members)
    }

    fn wait_for_all(&mut self, awaited: Value, name: &str, line: u32) -> Value {
        let items = match awaited {
            Value::Many(items) => items,
            other => vec![(1, other)],
        };
        let count = items.iter().map(|(count, _)| *count);
        let count = count.fold(0, u64::saturating_add);
        let arguments = Arguments {
            place: items,
            ..Arguments::default()
        };
        let gathered = self.translate_gather(arguments, line);
        if name == "wait" {
            return gathered;
        }
        // `for done in as_completed(tasks)` waits for all tasks here; then its body runs for each.
        if let Value::Coroutine(made) = gathered {
            self.emit_all(made.pieces);
        }
        done_items(count)
    }

    /// `run_sync(f, limiter=limiter)`: the offload holds a token of the limiter.
    fn limited_by(&mut self, limiter: Option<Value>, value: Value, line: u32) -> Value {
        match (limiter, value) {
            (Some(Value::Shared(shared)), Value::Coroutine(mut made))
                if matches!(self.shared[shared.0].kind, SharedKind::Semaphore(_)) =>
            {
                let pieces = std::mem::take(&mut made.pieces);
                made.pieces = vec![ScriptPiece::new(line, PieceKind::With(shared, pieces))];
                Value::Coroutine(made)
            }
            (_, value) => value,
        }
    }
}

/// Whether the piece names a task by its handle.
fn has_handle(piece: &ScriptPiece) -> bool {
    use PieceKind::{Cancel, Send, Spawn, Wait};
    matches!(piece.kind, Wait(_) | Cancel(_) | Spawn(..) | Send(..))
}

/// Awaitables that are done: awaiting one takes no time.
pub(super) fn done_items(count: u64) -> Value {
    match count {
        0 => Value::Many(Vec::new()),
        _ => Value::Many(vec![(count, Value::Many(Vec::new()))]),
    }
}
