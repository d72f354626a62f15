//! Calls: dispatch by the called value, and the arguments.

use super::super::library::{self, LibraryAnswer, Manner};
use super::super::note::NoteKind;
use super::super::piece::{
    self, PieceKind, PoolKind, ScriptPiece, ScriptPieces, TaskId, does_more_than_print,
};
use super::super::tree::{Argument, ExprKind, PythonExpr};
use super::super::value::{Coroutine, Value};
use super::{COMPARED_FOR_ONE, ScriptTask, ThreadKind, Translator, timed_piece};
use model::time::SimDuration;
use model::workload::Length;

/// The arguments of a call.
#[derive(Debug, Default)]
pub(super) struct Arguments<'t> {
    /// Positional arguments with their counts, e.g. one argument three times for `*([f()] * 3)`.
    pub(super) place: Vec<(u64, Value)>,
    pub(super) named: Vec<(&'t str, Value)>,
    /// Whether there may be more arguments, because of `*unknown` or `**unknown`.
    pub(super) is_open: bool,
    /// Whether the first argument is `None`.
    pub(super) is_none: bool,
}

impl Arguments<'_> {
    pub(super) fn named_argument(&self, name: &str) -> Option<&Value> {
        let found = self.named.iter().find(|(own, _)| *own == name)?;
        Some(&found.1)
    }

    /// The argument at a position or with a name.
    pub(super) fn argument_at(&self, place: usize, name: &str) -> Value {
        let by_place = self.place.get(place).map(|(_, value)| value);
        by_place
            .or_else(|| self.named_argument(name))
            .cloned()
            .unwrap_or(Value::Unknown)
    }

    /// The arguments without the first ones.
    pub(super) fn skip_places(mut self, places: usize) -> Self {
        self.place.drain(..places.min(self.place.len()));
        self
    }
}

impl<'t> Translator<'t> {
    pub(super) fn translate_call(
        &mut self,
        callee: &'t PythonExpr<'t>,
        arguments: &'t [Argument<'t>],
        line: u32,
    ) -> Value {
        let ExprKind::Attribute(of, name) = &callee.kind else {
            let called = self.evaluate_settled(callee);
            let arguments = self.evaluate_arguments(arguments);
            return self.call_value(called, arguments, line);
        };
        let mut receiver = self.evaluate_settled(of);
        let arguments = self.evaluate_arguments(arguments);
        let bound = self.attribute_value(receiver.clone(), name);
        if !matches!(bound, Value::Bound(..)) {
            return self.call_value(bound, arguments, line);
        }
        // Values have no identity, so a method that changes its receiver stores it again.
        if receiver == Value::Unknown {
            self.add_called_route(name, None, &arguments, line);
            self.settle_all(arguments);
            return self.unknown_method(callee, name, line);
        }
        let before = receiver.clone();
        let result = self.call_method(&mut receiver, name, arguments, line);
        if receiver != before {
            self.store_value(of, receiver);
        }
        result
    }

    /// Calls a value and returns its result.
    pub(super) fn call_value(
        &mut self,
        called: Value,
        arguments: Arguments<'t>,
        line: u32,
    ) -> Value {
        match called {
            Value::Path(path) => self.call_path(&path, arguments, line),
            Value::Def(def) => self.call_def(def, arguments, None, line),
            Value::Lambda(lambda) => self.call_lambda(lambda, arguments),
            Value::Class(class) => self.make_object(class, arguments, line),
            Value::Bound(mut of, name) => match *of {
                Value::Instance(object) => self.call_member(object, &name, arguments, line),
                _ => self.call_method(&mut of, &name, arguments, line),
            },
            Value::Partial(inner, given) => {
                let mut arguments = arguments;
                let given = given.into_iter().map(|value| (1, value));
                arguments.place.splice(0..0, given);
                self.call_value(*inner, arguments, line)
            }
            Value::Missing(name) if is_constructor(&name) => {
                self.settle_all(arguments);
                Value::Unknown
            }
            Value::Missing(label) => {
                self.add_called_route(&label, None, &arguments, line);
                self.settle_all(arguments);
                self.unknown_call(label, line)
            }
            Value::Shared(shared) => {
                self.note_refused(line, &format!("{}()", self.shared_name(shared)));
                self.settle_all(arguments);
                Value::Unknown
            }
            _ => {
                self.settle_all(arguments);
                Value::Unknown
            }
        }
    }

    /// Calls a method of an object about which nothing is known.
    fn unknown_method(&mut self, callee: &PythonExpr, name: &str, line: u32) -> Value {
        if library::is_quick_method(name) {
            return Value::Unknown;
        }
        let label = super::expression::dotted_path(callee);
        Value::Pending { label, line }
    }

    pub(super) fn settle_all(&mut self, arguments: Arguments) {
        for (_, value) in arguments.place {
            self.settle_value(value);
        }
        for (_, value) in arguments.named {
            self.settle_value(value);
        }
    }

    /// Calls an unknown function. A quick method such as `x.append` is ignored.
    fn unknown_call(&mut self, label: String, line: u32) -> Value {
        let last = label.rsplit('.').next().unwrap_or(&label);
        if label.contains('.') && library::is_quick_method(last) {
            return Value::Unknown;
        }
        // Only the user's table has names of the program. In ours, the `requests` of
        // `from . import requests` would be the library.
        match library::look_up_own(&label, &self.options.library) {
            LibraryAnswer::Not => Value::Pending { label, line },
            LibraryAnswer::Takes(manner, length) => self.library_call(manner, length, &label, line),
            LibraryAnswer::Prepares | LibraryAnswer::Nothing => Value::Unknown,
        }
    }

    /// Notes an argument that limits connections, e.g. `create_engine(url, pool_size=5)`.
    fn note_limits(&mut self, path: &str, arguments: &Arguments<'t>, line: u32) {
        const LIMITS: [&str; 9] = [
            "pool_size",
            "max_overflow",
            "max_connections",
            "max_size",
            "maxsize",
            "maxconn",
            "maxPoolSize",
            "limit_concurrency",
            "limit",
        ];
        const POOLS: [&str; 12] = [
            "create_engine",
            "create_async_engine",
            "create_pool",
            "Limits",
            "TCPConnector",
            "ConnectionPool",
            "BlockingConnectionPool",
            "AsyncConnectionPool",
            "ThreadedConnectionPool",
            "AsyncIOMotorClient",
            "MongoClient",
            "run",
        ];
        let last = path.rsplit('.').next().unwrap_or(path);
        if !POOLS.contains(&last) {
            return;
        }
        for (name, value) in &arguments.named {
            if !LIMITS.contains(name) {
                continue;
            }
            let what = match value.count() {
                Some(count) => format!("{name}={count}"),
                None => (*name).to_owned(),
            };
            self.push_note(line, NoteKind::Unlimited { what });
        }
    }

    fn call_path(&mut self, path: &str, arguments: Arguments<'t>, line: u32) -> Value {
        self.note_limits(path, &arguments, line);
        self.add_called_route(path, None, &arguments, line);
        if matches!(
            path,
            "fastapi.FastAPI"
                | "fastapi.APIRouter"
                | "fastapi.applications.FastAPI"
                | "fastapi.routing.APIRouter"
                | "starlette.applications.Starlette"
        ) {
            let value = self.make_router(&arguments, line);
            self.settle_all(arguments);
            return value;
        }
        // The user's table overrides everything, even `asyncio.sleep`.
        let own = library::look_up(path, &self.options.library);
        let is_users = library::is_own(path, &self.options.library);
        if !is_users {
            let arguments = match self.call_asyncio(path, arguments, line) {
                Ok(value) => return value,
                Err(arguments) => arguments,
            };
            let arguments = match self.call_pool(path, arguments, line) {
                Ok(value) => return value,
                Err(arguments) => arguments,
            };
            let arguments = match self.call_builtin(path, arguments, line) {
                Ok(value) => return value,
                Err(arguments) => arguments,
            };
            if path.ends_with("StreamingResponse") {
                self.follow_stream(&arguments, line);
            }
            self.settle_all(arguments);
        } else {
            self.settle_all(arguments);
        }
        match own {
            LibraryAnswer::Takes(manner, length) => self.library_call(manner, length, path, line),
            LibraryAnswer::Prepares => Value::path(path),
            LibraryAnswer::Nothing => match path.rsplit('.').next() {
                // The object keeps its path, so that its methods can be looked up.
                Some(last) if is_constructor(last) => Value::path(path),
                _ => Value::Unknown,
            },
            LibraryAnswer::Not if is_constructor(path) => Value::Unknown,
            LibraryAnswer::Not => {
                let label = path.split('.').collect::<Vec<_>>();
                let shown = label[label.len().saturating_sub(2)..].join(".");
                self.unknown_call(shown, line)
            }
        }
    }

    /// Follows the generator of a `StreamingResponse`; Starlette runs a plain one on the pool.
    fn follow_stream(&mut self, arguments: &Arguments<'t>, line: u32) {
        let generator = arguments.place.iter().find_map(|(_, value)| match value {
            Value::Generator(pieces, _) => Some(pieces.clone()),
            _ => None,
        });
        let Some(pieces) = generator.filter(|pieces| does_more_than_print(pieces)) else {
            return;
        };
        if piece::needs_loop(&pieces) || self.current_thread() != ThreadKind::Loop {
            self.emit_all(pieces);
        } else {
            self.push_kind(line, PieceKind::Offload(PoolKind::Thread, pieces));
        }
    }

    fn library_call(
        &mut self,
        manner: Manner,
        length: SimDuration,
        path: &str,
        line: u32,
    ) -> Value {
        let verb = match manner {
            Manner::Await => "await",
            Manner::Block => "block",
            Manner::Cpu => "cpu",
            Manner::Nothing => return Value::Unknown,
        };
        let label = label_of(path);
        let piece = if library::is_own(path, &self.options.library) {
            timed_piece(line, &label, verb, length)
        } else {
            self.guess_of(line, &label, verb, length)
        };
        match manner {
            Manner::Await => self.coroutine_value(label, line, vec![piece]),
            _ => {
                self.push_piece(piece);
                Value::Unknown
            }
        }
    }

    pub(super) fn coroutine_value(&self, name: String, line: u32, pieces: ScriptPieces) -> Value {
        Value::Coroutine(Box::new(Coroutine {
            name,
            line,
            pieces,
            result: Value::Unknown,
        }))
    }

    fn call_builtin(
        &mut self,
        path: &str,
        arguments: Arguments<'t>,
        line: u32,
    ) -> Result<Value, Arguments<'t>> {
        let first = || arguments.argument_at(0, "");
        let value = match path {
            "builtins.range" => range_value(&arguments),
            "builtins.len" => match first().items() {
                Some((count, _)) => Value::Number(count as f64),
                None => Value::Unknown,
            },
            "builtins.int" | "builtins.float" | "builtins.abs" | "builtins.round" => {
                match first() {
                    Value::Number(number) if path == "builtins.int" => {
                        Value::Number(number.trunc())
                    }
                    value @ (Value::Number(_) | Value::Drawn(_)) => value,
                    Value::Text(text) => {
                        super::expression::parse_number(&text).map_or(Value::Unknown, Value::Number)
                    }
                    other => {
                        self.settle_value(other);
                        Value::Unknown
                    }
                }
            }
            "builtins.list" | "builtins.tuple" | "builtins.set" | "builtins.reversed"
            | "builtins.sorted" | "builtins.iter" => match first() {
                Value::Unknown if arguments.place.is_empty() => Value::Many(Vec::new()),
                value => self.settle_value(value),
            },
            "builtins.enumerate" => match first() {
                Value::Many(items) => Value::Many(
                    items
                        .into_iter()
                        .map(|(count, item)| {
                            (count, Value::Many(vec![(1, Value::Unknown), (1, item)]))
                        })
                        .collect(),
                ),
                other => other,
            },
            "builtins.zip" => first(),
            "builtins.map" => {
                let Some((count, _)) = arguments.argument_at(1, "").items() else {
                    return Err(arguments);
                };
                let called = first();
                // One call without its argument stands for all.
                let value = self.call_value(called, Arguments::default(), line);
                Value::Many(vec![(count, value)])
            }
            "builtins.print" => {
                if let [(_, Value::Text(text))] = arguments.place.as_slice() {
                    self.push_kind(line, PieceKind::Print(text.clone()));
                }
                self.settle_all(arguments);
                Value::Unknown
            }
            // Only differences of readings matter, so now is 0.
            "time.time" | "time.perf_counter" | "time.monotonic" => Value::Clock(0.0),
            "datetime.timedelta" => match arguments.named_argument("seconds") {
                Some(seconds) => seconds.clone(),
                None => Value::Unknown,
            },
            "random.uniform" | "random.randint" => random_value(&arguments),
            "random.random" => drawn_between(0.0, 1.0),
            "random.expovariate" => match first() {
                Value::Number(rate) if rate > 0.0 => Value::Drawn(Length::Exponential {
                    mean: piece::seconds(1.0 / rate),
                }),
                _ => Value::Unknown,
            },
            "functools.partial" => {
                let mut given = arguments.place.into_iter().map(|(_, value)| value);
                let called = given.next().unwrap_or(Value::Unknown);
                Value::Partial(Box::new(called), given.collect())
            }
            _ => return Err(arguments),
        };
        Ok(value)
    }

    // Tasks from awaitables.

    /// A task with the pieces of an awaitable; `None` if the value is not awaitable.
    pub(super) fn task_of(&mut self, value: Value, line: u32) -> Option<TaskId> {
        let made = match value {
            Value::Coroutine(made) => *made,
            Value::Pending { label, line } => {
                let piece = self.guessed_piece(line, &label, "await");
                Coroutine {
                    name: label,
                    line,
                    pieces: vec![piece],
                    result: Value::Unknown,
                }
            }
            Value::Task(handle) => Coroutine {
                name: "wait".to_owned(),
                line,
                pieces: vec![ScriptPiece::new(line, PieceKind::Wait(handle))],
                result: Value::Unknown,
            },
            _ => return None,
        };
        // A coroutine that only calls a task needs no second task around it.
        if let [piece] = made.pieces.as_slice()
            && let PieceKind::Call(task) = piece.kind
            && self.tasks[task.0].is_async
        {
            return Some(task);
        }
        // A suffix separates the task from the function that it offloads, e.g. `load_thread`.
        let name = match made.pieces.as_slice() {
            [piece] => match piece.kind {
                PieceKind::Offload(pool, _) => format!("{}_{}", made.name, pool.word()),
                _ => made.name,
            },
            _ => made.name,
        };
        Some(self.anonymous_task(&name, made.pieces, made.line))
    }

    /// A task without a function of its own. Equal tasks are shared.
    pub(super) fn anonymous_task(&mut self, name: &str, pieces: ScriptPieces, line: u32) -> TaskId {
        self.spend_fuel(line, self.tasks.len() / COMPARED_FOR_ONE);
        let same = self.tasks.iter().position(|task| {
            task.is_async && task.name == name && piece::are_alike(&task.pieces, &pieces)
        });
        if let Some(index) = same {
            return TaskId(index);
        }
        self.add_task(ScriptTask {
            name: name.to_owned(),
            arguments: Vec::new(),
            is_async: true,
            pieces,
            line,
        })
    }

    /// Calls the value now, on the calling thread, and returns its pieces.
    pub(super) fn call_inline(
        &mut self,
        value: Value,
        arguments: Arguments<'t>,
        line: u32,
    ) -> ScriptPieces {
        let (mut pieces, result) = self.collect_pieces(|t| {
            let value = t.call_value(value, arguments, line);
            t.settle_value(value)
        });
        if let Value::Coroutine(made) = result {
            pieces.extend(made.pieces);
        }
        pieces
    }

    /// The pieces of a function on another thread or in a process, with a guess if it has none.
    pub(super) fn offloaded_pieces(
        &mut self,
        called: Value,
        arguments: Arguments<'t>,
        line: u32,
    ) -> ScriptPieces {
        let name = self.name_of(&called);
        let free = self.free.order.len();
        // On a thread `time.sleep` blocks only that thread.
        let around = std::mem::replace(&mut self.current_frame().place, ThreadKind::Thread);
        let mut pieces = self.call_inline(called, arguments, line);
        self.current_frame().place = around;
        if !self.for_threads(&mut pieces).is_empty() {
            self.push_note(line, NoteKind::NotInThread);
        }
        if !does_more_than_print(&pieces) {
            // Work that is offloaded takes time, so its unknown calls are not free.
            self.free.truncate(free);
            let verb = if library::sounds_like_cpu(&name) {
                "cpu"
            } else {
                "block"
            };
            pieces.push(self.guessed_piece(line, &name, verb));
        }
        pieces
    }

    pub(super) fn name_of(&self, called: &Value) -> String {
        match called {
            Value::Def(def) => self.definitions[*def].def.name.to_owned(),
            Value::Path(path) | Value::Missing(path) => label_of(path),
            Value::Partial(inner, _) => self.name_of(inner),
            Value::Bound(_, name) => name.clone(),
            Value::Coroutine(made) => made.name.clone(),
            Value::Pending { label, .. } => label.clone(),
            _ => "work".to_owned(),
        }
    }
}

/// The first and the last part of a path, e.g. `requests.get` for `requests.Session.get`.
pub(super) fn label_of(path: &str) -> String {
    let parts: Vec<&str> = path.split('.').filter(|part| *part != "builtins").collect();
    match parts.as_slice() {
        [] => path.to_owned(),
        [only] => (*only).to_owned(),
        [first, .., last] => format!("{first}.{last}"),
    }
}

/// Whether the last part looks like a class, e.g. `Session` but not `MAX`. Making an object
/// takes no time.
pub(super) fn is_constructor(path: &str) -> bool {
    let last = path.rsplit('.').next().unwrap_or(path);
    let upper = last.starts_with(char::is_uppercase);
    upper && last.chars().any(char::is_lowercase)
}

fn range_value(arguments: &Arguments) -> Value {
    let numbers: Vec<Option<f64>> = arguments
        .place
        .iter()
        .map(|(_, value)| value.number())
        .collect();
    let (start, end, step) = match numbers.as_slice() {
        [Some(end)] => (0.0, *end, 1.0),
        [Some(start), Some(end)] => (*start, *end, 1.0),
        [Some(start), Some(end), Some(step)] if *step != 0.0 => (*start, *end, *step),
        _ => return Value::Unknown,
    };
    let count = ((end - start) / step).ceil().max(0.0);
    match Value::Number(count).count() {
        // `Range` means numbers from 0, so other short ranges list theirs. 12 is the number
        // of rounds that loops follow one by one.
        Some(count) if count <= 12 && start != 0.0 => Value::Many(
            (0..count)
                .map(|place| (1, Value::Number(start + step * place as f64)))
                .collect(),
        ),
        Some(count) => Value::Range(count),
        None => Value::Unknown,
    }
}

fn random_value(arguments: &Arguments) -> Value {
    match (
        arguments.argument_at(0, "a").number(),
        arguments.argument_at(1, "b").number(),
    ) {
        (Some(low), Some(high)) if low >= 0.0 && low <= high => drawn_between(low, high),
        _ => Value::Unknown,
    }
}

fn drawn_between(low: f64, high: f64) -> Value {
    Value::Drawn(Length::Uniform {
        low: piece::seconds(low),
        high: piece::seconds(high),
    })
}
