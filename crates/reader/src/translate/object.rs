//! Methods of known objects: locks, queues, tasks, groups, lists, and classes of the text.

use std::collections::BTreeMap;

use super::super::library;
use super::super::note::NoteKind;
use super::super::piece::{HandleId, PieceKind, ResourceId, ScriptPiece, TaskId};
use super::super::tree::{Def, StmtKind};
use super::super::value::Value;
use super::call::Arguments;
use super::{Declared, Object, SharedKind, Translator};

/// The number of items that a task puts, by task and depth of the search.
type PutCounts = BTreeMap<(TaskId, u32), u64>;

impl<'t> Translator<'t> {
    /// Calls a method, which may change its receiver, e.g. `tasks.append(t)`.
    pub(super) fn call_method(
        &mut self,
        receiver: &mut Value,
        name: &str,
        arguments: Arguments<'t>,
        line: u32,
    ) -> Value {
        match receiver {
            Value::Instance(object) => self.call_member(*object, name, arguments, line),
            Value::Shared(shared) => self.shared_method(*shared, name, arguments, line),
            Value::Task(handle) => self.task_method(*handle, name, line),
            Value::TaskGroup => match name {
                "create_task" => self.translate_spawn(arguments.argument_at(0, "coro"), line),
                // AnyIO's `start_soon(f, x)` takes a function and its arguments, not a coroutine.
                "start_soon" | "start" => {
                    let called = arguments.argument_at(0, "func");
                    let value = self.call_value(called, arguments.skip_places(1), line);
                    self.translate_spawn(value, line)
                }
                _ => Value::Unknown,
            },
            Value::Pool(pool) => {
                let pool = *pool;
                let called = arguments.argument_at(0, "fn");
                match name {
                    "submit" => self.submit_call(pool, called, arguments.skip_places(1), line),
                    "apply_async" | "apply" => {
                        // Pools of `multiprocessing` take the arguments as one tuple.
                        let given = match arguments.argument_at(1, "args") {
                            Value::Many(items) => items,
                            _ => Vec::new(),
                        };
                        let given = Arguments {
                            place: given,
                            ..Arguments::default()
                        };
                        self.submit_call(pool, called, given, line)
                    }
                    "map" | "imap" | "imap_unordered" | "starmap" => {
                        let items = arguments.argument_at(1, "iterable");
                        self.map_calls(pool, called, &items, line)
                    }
                    _ => Value::Unknown,
                }
            }
            Value::Router(router) => self.router_method(*router, name, arguments, line),
            Value::Worker(worker) => {
                match name {
                    "start" => self.start_worker(worker, line),
                    "join" => {
                        if let Some(handle) = worker.handle {
                            self.push_kind(line, PieceKind::Wait(handle));
                        }
                    }
                    _ => {}
                }
                Value::Unknown
            }
            Value::Background => {
                if name == "add_task" {
                    let called = arguments.argument_at(0, "func");
                    self.add_background_task(called, arguments.skip_places(1), line);
                }
                Value::Unknown
            }
            Value::Many(items) => {
                match name {
                    "append" | "add" | "appendleft" => {
                        let (_, item) = arguments
                            .place
                            .into_iter()
                            .next()
                            .unwrap_or((1, Value::Unknown));
                        items.push((1, item));
                    }
                    "extend" => {
                        if let Value::Many(more) = arguments.argument_at(0, "") {
                            items.extend(more);
                        }
                    }
                    _ => self.settle_all(arguments),
                }
                Value::Unknown
            }
            Value::Def(def) => {
                let called = Value::Def(*def);
                match name {
                    "delay" | "s" | "si" if self.definitions[*def].is_job => match name {
                        "delay" => self.send_job(called, arguments, line),
                        _ => {
                            let given = arguments.place.into_iter().map(|(_, value)| value);
                            Value::Partial(Box::new(called), given.collect())
                        }
                    },
                    "apply_async" => self.send_job(called, Arguments::default(), line),
                    _ => Value::Unknown,
                }
            }
            Value::Partial(called, _) if name == "delay" || name == "apply_async" => {
                let called = (**called).clone();
                self.send_job(called, Arguments::default(), line)
            }
            _ => {
                self.settle_all(arguments);
                Value::Unknown
            }
        }
    }

    fn shared_method(
        &mut self,
        shared: ResourceId,
        name: &str,
        arguments: Arguments<'t>,
        line: u32,
    ) -> Value {
        let kind = self.shared[shared.0].kind;
        let is_queue = matches!(kind, SharedKind::Queue(_));
        if !has_method(kind, name) {
            let what = format!("{}.{name}", self.shared_name(shared));
            self.note_refused(line, &what);
            self.settle_all(arguments);
            return Value::Unknown;
        }
        // Methods that need an `await` return a coroutine; the others act at once.
        let awaited = match name {
            "put" | "send" if is_queue => Some(PieceKind::Put(shared)),
            "get" | "receive" if is_queue => Some(PieceKind::Get(shared)),
            "acquire" if kind.is_lockable() => Some(PieceKind::Acquire(shared)),
            "wait" if matches!(kind, SharedKind::Event | SharedKind::Condition) => {
                Some(PieceKind::WaitFor(shared))
            }
            "wait_for" if kind == SharedKind::Condition => Some(PieceKind::WaitFor(shared)),
            _ => None,
        };
        if let Some(kind) = awaited {
            let piece = ScriptPiece::new(line, kind);
            return self.coroutine_value(name.to_owned(), line, vec![piece]);
        }
        let now = match name {
            "put_nowait" if is_queue => Some(PieceKind::Put(shared)),
            "get_nowait" if is_queue => Some(PieceKind::GetNow(shared)),
            // `immediate=True` drops the items; a script has no such end.
            "shutdown" if is_queue && arguments.named_argument("immediate").is_none() => {
                Some(PieceKind::Shutdown(shared))
            }
            "release" if kind.is_lockable() => Some(PieceKind::Release(shared)),
            "set" if kind == SharedKind::Event => Some(PieceKind::Set(shared)),
            "clear" if kind == SharedKind::Event => Some(PieceKind::Clear(shared)),
            "notify" if kind == SharedKind::Condition => {
                let count = arguments.argument_at(0, "n").count().unwrap_or(1);
                (count > 0).then_some(PieceKind::Notify(shared, count))
            }
            // A script has no `notify all`; no realistic program has this many waiters.
            "notify_all" if kind == SharedKind::Condition => Some(PieceKind::Notify(shared, 1_000)),
            _ => None,
        };
        match now {
            Some(kind) => self.push_kind(line, kind),
            None if name == "task_done" && is_queue => {
                let done = self.done_queue(shared);
                self.push_kind(line, PieceKind::Put(done));
            }
            None if name == "join" && is_queue => return self.join_queue(shared, line),
            None if name == "shutdown" => self.not_mapped(line, "shutdown(immediate=True)"),
            None => self.settle_all(arguments),
        }
        Value::Unknown
    }

    /// The name of the resource, or its class if it has none yet.
    pub(super) fn shared_name(&self, shared: ResourceId) -> String {
        let declared = &self.shared[shared.0];
        if declared.name.is_empty() {
            declared.kind.class().to_owned()
        } else {
            declared.name.clone()
        }
    }

    /// Notes that Python raises an error here.
    pub(super) fn note_refused(&mut self, line: u32, what: &str) {
        let what = what.to_owned();
        self.push_note(line, NoteKind::Refused { what });
    }

    /// The second queue of a queue. `task_done` puts an item there, and `join` gets them.
    fn done_queue(&mut self, queue: ResourceId) -> ResourceId {
        if let Some((_, done)) = self.done.iter().find(|(known, _)| *known == queue) {
            return *done;
        }
        let name = format!("{}_done", self.shared[queue.0].name);
        let kind = SharedKind::Queue(None);
        self.shared.push(Declared { name, kind });
        let done = ResourceId(self.shared.len() - 1);
        self.done.push((queue, done));
        done
    }

    /// `queue.join()`: gets one item from the second queue per item put.
    fn join_queue(&mut self, queue: ResourceId, line: u32) -> Value {
        let done = self.done_queue(queue);
        self.joined.push(done);
        let mut known = BTreeMap::new();
        let blocks = self.frames.last().map_or(&[][..], |frame| &frame.blocks);
        let puts = blocks
            .iter()
            .map(|block| self.count_puts(block, queue, 0, &mut known))
            .fold(0, u64::saturating_add);
        // Without known puts the number of items is a guess.
        let asked = puts == 0;
        let rounds = if asked { super::rounds::ROUNDS } else { puts };
        if asked {
            self.push_note(line, NoteKind::AssumedRounds { rounds });
        }
        let get = vec![ScriptPiece::new(line, PieceKind::Get(done))];
        let kind = PieceKind::Repeat(rounds, get);
        self.coroutine_value(
            "join".to_owned(),
            line,
            vec![ScriptPiece { line, asked, kind }],
        )
    }

    /// The number of items that these pieces and the tasks they start put. `known` caches the
    /// tasks already counted: tasks that start the next one twice would double the work.
    fn count_puts(
        &self,
        pieces: &[ScriptPiece],
        queue: ResourceId,
        depth: u32,
        known: &mut PutCounts,
    ) -> u64 {
        let mut sum = 0_u64;
        for piece in pieces {
            let one = match &piece.kind {
                PieceKind::Put(put) => u64::from(*put == queue),
                PieceKind::Call(made) | PieceKind::Spawn(made, _) => {
                    self.puts_of(*made, queue, depth, known)
                }
                PieceKind::Gather { members, .. } => members
                    .iter()
                    .map(|(count, made)| {
                        count.saturating_mul(self.puts_of(*made, queue, depth, known))
                    })
                    .fold(0, u64::saturating_add),
                PieceKind::AsCompleted(members, body) => {
                    let inside = self.count_puts(body, queue, depth, known);
                    let of = |(count, made): &(u64, TaskId), known: &mut PutCounts| {
                        let own = self.puts_of(*made, queue, depth, known);
                        count.saturating_mul(own.saturating_add(inside))
                    };
                    let members = members.iter().map(|member| of(member, known));
                    members.fold(0, u64::saturating_add)
                }
                PieceKind::Repeat(count, body) => {
                    count.saturating_mul(self.count_puts(body, queue, depth, known))
                }
                _ => piece
                    .nested_pieces()
                    .map(|body| self.count_puts(body, queue, depth, known))
                    .fold(0, u64::saturating_add),
            };
            sum = sum.saturating_add(one);
        }
        sum
    }

    fn puts_of(&self, made: TaskId, queue: ResourceId, depth: u32, known: &mut PutCounts) -> u64 {
        // Four levels reach any realistic producer, and end cycles of tasks.
        if depth >= 4 {
            return 0;
        }
        if let Some(puts) = known.get(&(made, depth)) {
            return *puts;
        }
        let puts = self.count_puts(&self.tasks[made.0].pieces, queue, depth + 1, known);
        known.insert((made, depth), puts);
        puts
    }

    fn task_method(&mut self, handle: HandleId, name: &str, line: u32) -> Value {
        let on_loop = self.current_thread() == super::ThreadKind::Loop;
        match name {
            "cancel" => self.push_kind(line, PieceKind::Cancel(handle)),
            // An asyncio task must be done already.
            "result" if on_loop => {}
            // The result of a thread's future or of a job waits for it.
            "result" | "get" | "join" | "wait" => self.push_kind(line, PieceKind::Wait(handle)),
            _ => {}
        }
        Value::Unknown
    }

    // Objects of classes that the text defines.

    /// Makes an object, e.g. `Service(client)`.
    pub(super) fn make_object(
        &mut self,
        class: usize,
        arguments: Arguments<'t>,
        line: u32,
    ) -> Value {
        self.objects.push(Object {
            class,
            attributes: BTreeMap::new(),
        });
        let object = self.objects.len() - 1;
        match self.method_of(class, "__init__") {
            Some(init) => {
                let own = Value::Instance(object);
                self.call_def(init, arguments, Some(own), line);
            }
            None => {
                // A dataclass has no `__init__` in the text; its keywords are its fields.
                for (name, value) in arguments.named {
                    self.objects[object].attributes.insert(name, value);
                }
            }
        }
        Value::Instance(object)
    }

    /// An object of a class without a known call of its constructor, e.g. of the type of a
    /// parameter. Its `__init__` is followed for the attributes, not for its time.
    pub(super) fn bare_object(&mut self, class: usize) -> usize {
        if let Some(object) = self.bare_objects.get(&class) {
            return *object;
        }
        self.objects.push(Object {
            class,
            attributes: BTreeMap::new(),
        });
        let object = self.objects.len() - 1;
        // Before `__init__` is followed: its parameters may have this type.
        self.bare_objects.insert(class, object);
        if let Some(init) = self.method_of(class, "__init__") {
            let (notes, free) = (self.notes.len(), self.free.order.len());
            let own = Value::Instance(object);
            let line = self.definitions[init].line;
            self.follow_deeper(line, |t| {
                t.collect_pieces(|t| t.call_def(init, Arguments::default(), Some(own), line))
            });
            self.notes.truncate(notes);
            self.free.truncate(free);
        }
        object
    }

    pub(super) fn method_of(&mut self, class: usize, name: &str) -> Option<usize> {
        let (class, scope) = self.classes[class];
        let found = class.body.iter().find_map(|stmt| match &stmt.kind {
            StmtKind::Def(def) if def.name == name => Some((def, stmt.line)),
            _ => None,
        });
        let (def, line) = found?;
        Some(self.method_definition(def, line, scope))
    }

    /// A method is defined at its first use, once per class.
    pub(super) fn method_definition(&mut self, def: &'t Def<'t>, line: u32, scope: usize) -> usize {
        let known = self
            .definitions
            .iter()
            .position(|known| std::ptr::eq(known.def, def));
        known.unwrap_or_else(|| self.add_definition(def, line, scope, true))
    }

    pub(super) fn object_member(&mut self, object: usize, name: &str) -> Value {
        if let Some(value) = self.objects[object].attributes.get(name) {
            return value.clone();
        }
        let class = self.objects[object].class;
        match self.class_member(class, name) {
            Value::Def(_) => Value::Bound(Box::new(Value::Instance(object)), name.to_owned()),
            other => other,
        }
    }

    pub(super) fn class_member(&mut self, class: usize, name: &str) -> Value {
        if let Some(def) = self.method_of(class, name) {
            return Value::Def(def);
        }
        let (class, _) = self.classes[class];
        let value = class.body.iter().find_map(|stmt| match &stmt.kind {
            StmtKind::Assign { targets, value } => {
                let named = targets.iter().any(|target| target.name() == Some(name));
                named.then_some(value)
            }
            StmtKind::Annotated {
                target,
                value: Some(value),
                ..
            } => (target.name() == Some(name)).then_some(value),
            _ => None,
        });
        value.map_or(Value::Unknown, |value| self.evaluate_settled(value))
    }

    pub(super) fn call_member(
        &mut self,
        object: usize,
        name: &str,
        arguments: Arguments<'t>,
        line: u32,
    ) -> Value {
        let class = self.objects[object].class;
        match self.method_of(class, name) {
            Some(def) => self.call_def(def, arguments, Some(Value::Instance(object)), line),
            None => {
                if !library::is_quick_method(name) && name == "start" {
                    self.push_note(
                        line,
                        NoteKind::NotMapped {
                            what: name.to_owned(),
                        },
                    );
                }
                self.settle_all(arguments);
                Value::Unknown
            }
        }
    }
}

/// Whether the class of asyncio has the method, or AnyIO's class of the same kind.
fn has_method(kind: SharedKind, name: &str) -> bool {
    const QUEUE: &[&str] = &[
        "empty",
        "full",
        "get",
        "get_nowait",
        "join",
        "put",
        "put_nowait",
        "qsize",
        "receive",
        "send",
        "shutdown",
        "task_done",
    ];
    const LOCK: &[&str] = &[
        "acquire",
        "acquire_nowait",
        "locked",
        "release",
        "statistics",
    ];
    const LIMITER: &[&str] = &[
        "acquire_nowait",
        "acquire_on_behalf_of",
        "acquire_on_behalf_of_nowait",
        "release_on_behalf_of",
    ];
    const EVENT: &[&str] = &["clear", "is_set", "set", "statistics", "wait"];
    const CONDITION: &[&str] = &["notify", "notify_all", "wait", "wait_for"];
    match kind {
        SharedKind::Queue(_) => QUEUE.contains(&name),
        SharedKind::Lock => LOCK.contains(&name),
        SharedKind::Semaphore(_) => LOCK.contains(&name) || LIMITER.contains(&name),
        SharedKind::Event => EVENT.contains(&name),
        SharedKind::Condition => LOCK.contains(&name) || CONDITION.contains(&name),
    }
}
