//! The translator: the syntax tree of a module to the tasks of a script.
//!
//! An abstract interpreter: it follows the program without running it. Expressions become
//! [`Value`]s, as precise as a schedule needs them, and operations that take time become
//! [`ScriptPiece`]s of the current body. A function is followed once per set of arguments: `fetch(1)`
//! and `fetch(2)` become two tasks, or one if they do the same.
//!
//! - [`statement`], [`branch`], [`rounds`]: statements, branches, loops.
//! - [`expression`], [`assign`], [`call`]: expressions, assignments, calls.
//! - [`asyncio`], [`pool`], [`object`]: calls and methods that are known by name.
//! - [`function`]: functions of the text. [`routes`]: which functions are handlers. [`web`]: their
//!   tasks, dependencies, background tasks.
//! - [`program`]: the entry points.
//!
//! # What this leaves out
//!
//! - Conditions: of two branches that take time the first is taken. A branch that leaves the
//!   function is not taken if statements follow.
//! - Exceptions, except those of time limits and those that are certainly raised.
//! - The contents of library objects, and most subscripts.

mod assign;
mod asyncio;
mod branch;
mod call;
mod expression;
mod function;
mod object;
mod pool;
mod program;
mod rounds;
mod routes;
mod statement;
mod web;

use std::collections::{BTreeMap, BTreeSet};

use super::Options;
use super::comments::StatedFacts;
use super::note::{Note, NoteKind};
use super::piece::{self, HandleId, PieceKind, ResourceId, ScriptPiece, ScriptPieces, TaskId};
use super::tree::{Def, PythonClass, PythonExpr, PythonParameter, Stmt};
use super::value::Value;
use model::time::SimDuration;
use model::workload::Length;

pub(super) use program::TranslatedProgram;

/// Steps of the translation, each a statement, an expression or a copy. This many take about
/// a second.
const FUEL: u32 = 200_000;
/// The most steps for a project.
const PROJECT_FUEL_MAX: u32 = 2_000_000;
/// Values and pieces that one step may copy. This also bounds memory: lines such as
/// `x = [x, x]` double the value each time, and 3.2 million values take 150 MB.
const COPIED_FOR_ONE: usize = 16;
/// Tasks and calls that one step may compare with a new one.
const COMPARED_FOR_ONE: usize = 64;
/// The greatest nesting of statements, expressions and calls. One level takes up to 4 KiB of
/// stack.
const DEPTH_MAX: u32 = 160;
/// Notes of one import; more are not worth reading.
const NOTES_MAX: usize = 200;
/// Notes of one module of a project, on average.
const MODULE_NOTES: usize = 10;
/// Modules through which a name may be imported, e.g. by `from .users import User` in packages.
const IMPORTS_MAX: usize = 32;

/// A module of the program.
#[derive(Debug)]
pub(super) struct ParsedModule<'t> {
    /// Its dotted name; empty for a program of one text.
    pub(super) name: String,
    pub(super) is_package: bool,
    /// Whether it is run, not only imported.
    pub(super) is_entry: bool,
    pub(super) body: Vec<Stmt<'t>>,
}

/// Follows modules, each after those that it imports, and all tasks that they start. `stated` has
/// the facts of their comments, `app` a name and the module that must define it.
pub(super) fn translate<'t>(
    modules: &'t [ParsedModule<'t>],
    stated: StatedFacts,
    app: Option<(String, String)>,
    options: &'t Options,
) -> TranslatedProgram {
    let mut translator = Translator::new(modules, stated, options);
    program::follow_program(&mut translator, app)
}

/// The kind of thread that runs the statements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ThreadKind {
    /// The event loop: a coroutine, or a function that it calls.
    Loop,
    /// A function on a pool thread or in a process.
    Thread,
    /// The main thread of a program outside `asyncio.run`.
    Main,
}

/// A function definition of the text and its scope.
#[derive(Clone, Copy, Debug)]
struct Definition<'t> {
    def: &'t Def<'t>,
    line: u32,
    scope: usize,
    /// Decorated as a job, e.g. with `@app.task`.
    is_job: bool,
    is_generator: bool,
    /// Whether the first parameter is `self` or `cls`.
    is_method: bool,
}

#[derive(Debug, Default)]
struct NameScope {
    names: BTreeMap<String, Value>,
    parent: Option<usize>,
}

/// The state of a function that is being followed.
#[derive(Debug)]
struct Frame {
    place: ThreadKind,
    scope: usize,
    /// The open blocks, outermost first. Pieces go to the last one.
    blocks: Vec<ScriptPieces>,
    /// Background tasks, which run after the response.
    after: ScriptPieces,
    result: Value,
}

/// A task of the script.
#[derive(Clone, Debug)]
pub(super) struct ScriptTask {
    pub(super) name: String,
    /// The numeric arguments; they distinguish tasks of one function by name, e.g. `fetch_2`.
    pub(super) arguments: Vec<f64>,
    pub(super) is_async: bool,
    pub(super) pieces: ScriptPieces,
    pub(super) line: u32,
}

/// A function and arguments that were followed, with the resulting task.
#[derive(Debug)]
struct Followed {
    def: usize,
    place: ThreadKind,
    given: Vec<(String, Value)>,
    made: TaskId,
    result: Value,
}

/// A resource of the script.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Declared {
    /// Empty until the resource is assigned to a variable or an attribute.
    pub(super) name: String,
    pub(super) kind: SharedKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SharedKind {
    Queue(Option<u64>),
    Semaphore(u64),
    Lock,
    Event,
    Condition,
}

struct Object<'t> {
    class: usize,
    attributes: BTreeMap<&'t str, Value>,
}

struct Route {
    def: usize,
    line: u32,
    /// The argument `dependencies` of the decorator.
    dependencies: Vec<Value>,
    router: Option<usize>,
    receiver: RouteReceiver,
}

/// The `self` of a handler.
#[derive(Clone, Debug, PartialEq)]
enum RouteReceiver {
    None,
    Object(usize),
    /// Each request makes an object of this class, as in class-based views.
    Class(usize),
}

/// A FastAPI application or router.
#[derive(Debug, Default)]
struct Router {
    /// The arguments `dependencies` of its constructor and of `include_router`.
    dependencies: Vec<Value>,
    /// The routers that include it.
    parents: Vec<usize>,
}

/// Calls or names that were left out, each once, with their lines.
#[derive(Debug, Default)]
struct LeftOut {
    seen: BTreeSet<(u32, String)>,
    /// In the order in which they were found, so that the last ones can be taken back.
    order: Vec<(u32, String)>,
}

impl LeftOut {
    fn insert(&mut self, line: u32, name: &str) {
        let entry = (line, name.to_owned());
        if self.seen.insert(entry.clone()) {
            self.order.push(entry);
        }
    }

    /// Takes back all but the first `count`.
    fn truncate(&mut self, count: usize) {
        for entry in self.order.drain(count.min(self.order.len())..) {
            self.seen.remove(&entry);
        }
    }

    /// The first one by its line, and the number of all.
    fn summary(&self) -> Option<(u32, u64, String)> {
        let (line, first) = self.seen.first()?;
        Some((*line, self.seen.len() as u64, first.clone()))
    }
}

struct Translator<'t> {
    options: &'t Options,
    modules: &'t [ParsedModule<'t>],
    module_of_name: BTreeMap<&'t str, usize>,
    notes_max: usize,
    /// Notes that were dropped because there are too many.
    more_notes: u64,
    stated: StatedFacts,
    /// Unknown calls that are not awaited.
    free: LeftOut,
    /// Dependencies that the text does not define.
    elsewhere: LeftOut,
    definitions: Vec<Definition<'t>>,
    lambdas: Vec<(&'t [PythonParameter<'t>], &'t PythonExpr<'t>, usize)>,
    classes: Vec<(&'t PythonClass<'t>, usize)>,
    objects: Vec<Object<'t>>,
    scopes: Vec<NameScope>,
    frames: Vec<Frame>,
    tasks: Vec<ScriptTask>,
    followed: Vec<Followed>,
    /// The functions being followed, outermost first.
    open: Vec<usize>,
    /// The functions that called themselves.
    recursive: Vec<usize>,
    shared: Vec<Declared>,
    /// Queues with `task_done`, each with a second queue that has an item per item done.
    done: Vec<(ResourceId, ResourceId)>,
    /// The second queues that a `join` reads.
    joined: Vec<ResourceId>,
    /// Tasks whose spawn became a part of a `gather first` or an `as_completed`.
    raced: BTreeSet<HandleId>,
    executor: Option<u64>,
    /// The line of the first thread pool.
    executor_line: Option<u32>,
    processes: Option<u64>,
    /// Tokens of AnyIO's pool, if the program sets them.
    pool: Option<u64>,
    /// Whether the program sets `asyncio.eager_task_factory`.
    eager: bool,
    has_threads: bool,
    /// Whether the program starts a `threading.Thread`. Such threads have no limit.
    has_own_threads: bool,
    routes: Vec<Route>,
    routers: Vec<Router>,
    /// The functions that were followed.
    entered: BTreeSet<usize>,
    /// The objects of classes of which no constructor call is known, by class.
    bare_objects: BTreeMap<usize, usize>,
    notes: Vec<Note>,
    handles: usize,
    fuel: u32,
    depth: u32,
}

impl SharedKind {
    /// Whether it can be held, e.g. by `async with`, `acquire` and `release`.
    fn is_lockable(self) -> bool {
        matches!(self, Self::Lock | Self::Semaphore(_) | Self::Condition)
    }

    /// The name of its class in asyncio.
    fn class(self) -> &'static str {
        match self {
            Self::Queue(_) => "Queue",
            Self::Semaphore(_) => "Semaphore",
            Self::Lock => "Lock",
            Self::Event => "Event",
            Self::Condition => "Condition",
        }
    }
}

impl<'t> Translator<'t> {
    fn new(modules: &'t [ParsedModule<'t>], stated: StatedFacts, options: &'t Options) -> Self {
        let names = modules.iter().enumerate();
        let module_of_name = names.filter(|(_, module)| !module.name.is_empty());
        let count = modules.len().max(1);
        Self {
            options,
            modules,
            module_of_name: module_of_name
                .map(|(index, module)| (module.name.as_str(), index))
                .collect(),
            notes_max: NOTES_MAX.max(count * MODULE_NOTES),
            more_notes: 0,
            stated,
            free: LeftOut::default(),
            elsewhere: LeftOut::default(),
            definitions: Vec::new(),
            lambdas: Vec::new(),
            classes: Vec::new(),
            objects: Vec::new(),
            // The scope of a module has its number.
            scopes: modules.iter().map(|_| NameScope::default()).collect(),
            frames: vec![Frame::new(ThreadKind::Main, 0)],
            tasks: Vec::new(),
            followed: Vec::new(),
            open: Vec::new(),
            recursive: Vec::new(),
            shared: Vec::new(),
            done: Vec::new(),
            joined: Vec::new(),
            raced: BTreeSet::new(),
            executor: None,
            executor_line: None,
            processes: None,
            pool: None,
            eager: false,
            has_threads: false,
            has_own_threads: false,
            routes: Vec::new(),
            routers: Vec::new(),
            entered: BTreeSet::new(),
            bare_objects: BTreeMap::new(),
            notes: Vec::new(),
            handles: 0,
            fuel: (count as u32).saturating_mul(FUEL).min(PROJECT_FUEL_MAX),
            depth: 0,
        }
    }

    fn push_note(&mut self, line: u32, kind: NoteKind) {
        let note = Note { line, kind };
        // A function that is followed with several arguments gives the same note each time.
        if self.notes.contains(&note) {
            return;
        }
        if self.notes.len() < self.notes_max {
            self.notes.push(note);
        } else {
            self.more_notes += 1;
        }
    }

    fn current_frame(&mut self) -> &mut Frame {
        if self.frames.is_empty() {
            self.frames.push(Frame::new(ThreadKind::Main, 0));
        }
        let last = self.frames.len() - 1;
        &mut self.frames[last]
    }

    fn current_thread(&mut self) -> ThreadKind {
        self.current_frame().place
    }

    fn push_piece(&mut self, piece: ScriptPiece) {
        self.emit_all(vec![piece]);
    }

    fn emit_all(&mut self, pieces: ScriptPieces) {
        let pieces = self.limit_nesting(pieces);
        if let Some(block) = self.current_frame().blocks.last_mut() {
            block.extend(pieces);
        }
    }

    /// Limits the nesting of the pieces, with a note if it was exceeded.
    fn limit_nesting(&mut self, pieces: ScriptPieces) -> ScriptPieces {
        let line = pieces.first().map_or(1, |piece| piece.line);
        let (pieces, was_deep) = piece::limit_nesting(pieces);
        if was_deep {
            self.push_note(line, NoteKind::TooDeep);
        }
        pieces
    }

    fn push_kind(&mut self, line: u32, kind: PieceKind) {
        self.push_piece(ScriptPiece::new(line, kind));
    }

    /// Collects the emitted pieces in a block of their own instead of the current one.
    fn collect_pieces<T>(&mut self, follow: impl FnOnce(&mut Self) -> T) -> (ScriptPieces, T) {
        self.current_frame().blocks.push(ScriptPieces::new());
        let result = follow(self);
        let pieces = self.current_frame().blocks.pop().unwrap_or_default();
        (pieces, result)
    }

    /// Follows one level deeper; `None` at the limit on nesting or steps.
    fn follow_deeper<T>(&mut self, line: u32, follow: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.depth >= DEPTH_MAX {
            self.push_note(line, NoteKind::TooDeep);
            return None;
        }
        // Nesting alone does not bound the work: a short program can branch at each level.
        if !self.spend_fuel(line, 1) {
            return None;
        }
        self.depth += 1;
        let result = follow(self);
        self.depth -= 1;
        Some(result)
    }

    /// Spends fuel. Returns `false`, with a note, if there is not enough.
    fn spend_fuel(&mut self, line: u32, units: usize) -> bool {
        let left = (self.fuel as usize).checked_sub(units);
        self.fuel = left.unwrap_or(0) as u32;
        if left.is_none() {
            self.push_note(line, NoteKind::TooMuch);
        }
        left.is_some()
    }

    /// Whether this many values and pieces may be copied.
    fn may_copy(&mut self, line: u32, count: usize) -> bool {
        self.spend_fuel(line, count / COPIED_FOR_ONE)
    }

    /// The value, or `Unknown` if it is too large to copy.
    fn limit_value(&mut self, value: Value, line: u32) -> Value {
        let Some(weight) = value.weight() else {
            self.push_note(line, NoteKind::TooDeep);
            return Value::Unknown;
        };
        if self.may_copy(line, weight) {
            value
        } else {
            Value::Unknown
        }
    }

    fn new_handle(&mut self) -> HandleId {
        self.handles += 1;
        HandleId(self.handles)
    }

    fn add_task(&mut self, task: ScriptTask) -> TaskId {
        self.tasks.push(task);
        TaskId(self.tasks.len() - 1)
    }

    fn declare_resource(&mut self, kind: SharedKind) -> Value {
        let name = String::new();
        self.shared.push(Declared { name, kind });
        Value::Shared(ResourceId(self.shared.len() - 1))
    }

    /// A guess of the default duration, with a note.
    fn guessed_piece(&mut self, line: u32, call: &str, verb: &'static str) -> ScriptPiece {
        let length = self.options.assumed;
        self.guess_of(line, call, verb, length)
    }

    fn guess_of(
        &mut self,
        line: u32,
        call: &str,
        verb: &'static str,
        length: SimDuration,
    ) -> ScriptPiece {
        // The author of the program knows better.
        if let Some(stated) = self.stated.length_at(line) {
            return timed_piece(line, call, verb, stated.length);
        }
        let note = NoteKind::Assumed {
            call: call.to_owned(),
            verb,
            length,
        };
        self.push_note(line, note);
        ScriptPiece {
            asked: true,
            ..timed_piece(line, call, verb, length)
        }
    }

    // Names.

    /// Looks the name up in this scope and the scopes around it.
    fn find_name(&self, name: &str) -> Option<&Value> {
        let mut scope = Some(self.frames.last()?.scope);
        while let Some(at) = scope {
            let found = &self.scopes[at];
            if let Some(value) = found.names.get(name) {
                return Some(value);
            }
            scope = found.parent;
        }
        None
    }

    /// The module whose statements are followed.
    fn current_module(&self) -> usize {
        let mut scope = self.frames.last().map_or(0, |frame| frame.scope);
        while let Some(parent) = self.scopes.get(scope).and_then(|scope| scope.parent) {
            scope = parent;
        }
        scope
    }

    /// The value of a name of another module.
    fn resolve_import(&self, mut value: Value) -> Value {
        for _ in 0..IMPORTS_MAX {
            let Value::Imported(module, name) = value else {
                return value;
            };
            value = self.name_in_module(module, &name);
        }
        Value::Unknown
    }

    fn name_in_module(&self, module: usize, name: &str) -> Value {
        if let Some(value) = self.scopes[module].names.get(name) {
            return value.clone();
        }
        let path = format!("{}.{name}", self.modules[module].name);
        match self.module_of_name.get(path.as_str()) {
            Some(module) => Value::Module(*module),
            None => Value::Missing(path),
        }
    }

    fn set_name(&mut self, name: &str, value: Value) {
        // A resource has the name of its first variable.
        if let Value::Shared(ResourceId(index)) = value
            && let Some(declared) = self.shared.get_mut(index)
            && declared.name.is_empty()
        {
            declared.name = name.to_owned();
        }
        let scope = self.current_frame().scope;
        self.scopes[scope].names.insert(name.to_owned(), value);
    }
}

/// A labelled segment, e.g. `block 1s "requests.get"`.
fn timed_piece(line: u32, call: &str, verb: &str, length: SimDuration) -> ScriptPiece {
    let (length, label) = (Length::Fixed(length), Some(call.to_owned()));
    let kind = match verb {
        "await" => PieceKind::Await(length, label),
        "block" => PieceKind::Block(length, label),
        _ => PieceKind::Cpu(length, label),
    };
    ScriptPiece::new(line, kind)
}

impl Frame {
    fn new(place: ThreadKind, scope: usize) -> Self {
        Self {
            place,
            scope,
            blocks: vec![ScriptPieces::new()],
            after: ScriptPieces::new(),
            result: Value::Unknown,
        }
    }
}
