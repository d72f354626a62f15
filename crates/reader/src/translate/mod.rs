//! A module's tree to tasks: what would happen if it ran, followed without running it.
//!
//! Expressions are followed as [`Value`]s, as far as a schedule depends on them;
//! what takes time becomes [`Piece`]s of the body that is being written.
//! Functions are followed again for each set of arguments, so that `fetch(1)`
//! and `fetch(2)` become two tasks, and one if they do the same.
//!
//! - [`statement`], [`branch`], [`rounds`]: what a body does, one statement after the other.
//! - [`expression`], [`assign`]: what an expression is. [`call`]: what a call does.
//! - [`asyncio`], [`pool`], [`object`]: calls that are known by name.
//! - [`function`]: functions of the text. [`web`]: handlers, dependencies, background tasks.
//! - [`program`]: who starts.
//!
//! # What this leaves out
//!
//! - Conditions: of two branches that take time the first is taken, and a branch
//!   that leaves the function is not.
//! - Exceptions, other than a time limit's and those that are raised for certain.
//! - What a subscript, a dictionary or a library's object holds.

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
mod statement;
mod web;

use std::collections::BTreeMap;

use super::Options;
use super::note::{Note, NoteKind};
use super::piece::{self, Handle, Made, Piece, PieceKind, Pieces, Shared};
use super::tree::{Class, Def, Expr, Parameter, Stmt};
use super::value::Value;
use model::time::SimDuration;
use model::workload::Length;

pub(super) use program::Program;

/// Statements and expressions followed, over all: a second of work at most.
const FUEL: u32 = 200_000;
/// Values and pieces that may be copied for a unit of fuel. It bounds memory too: lines such as
/// `x = [x, x]` double what there is, and 3.2 million values take 150 MB.
const COPIED_FOR_ONE: usize = 16;
/// Tasks and calls that may be compared with a new one for a unit of fuel.
const COMPARED_FOR_ONE: usize = 64;
/// Statements, expressions and calls in each other. A level takes up to 4 KiB of the stack.
const DEPTH_MAX: u32 = 160;
/// Notes that are worth reading.
const NOTES_MAX: usize = 200;

/// Reads a module and everything that it starts.
pub(super) fn translate<'t>(body: &'t [Stmt<'t>], options: &'t Options) -> Program {
    let mut translator = Translator::new(options);
    program::follow(&mut translator, body)
}

/// What runs the statements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// A coroutine, or a function that it calls.
    Loop,
    /// A function on a thread or in a process.
    Thread,
    /// A program without a loop: its main thread.
    Main,
}

/// A function of the text, as it was defined.
#[derive(Clone, Copy, Debug)]
struct Definition<'t> {
    def: &'t Def<'t>,
    line: u32,
    scope: usize,
    /// `@app.task`.
    is_job: bool,
    is_generator: bool,
    /// The first parameter is the object.
    is_method: bool,
}

#[derive(Debug, Default)]
struct Scope {
    names: BTreeMap<String, Value>,
    parent: Option<usize>,
}

/// A function that is being followed.
#[derive(Debug)]
struct Frame {
    place: Place,
    scope: usize,
    /// Open blocks; the last is being written.
    blocks: Vec<Pieces>,
    /// Background tasks.
    after: Pieces,
    result: Value,
}

/// A task of the script.
#[derive(Clone, Debug)]
pub(super) struct Task {
    pub(super) name: String,
    /// Numbers among its arguments, to tell it from its siblings.
    pub(super) arguments: Vec<f64>,
    pub(super) is_async: bool,
    pub(super) pieces: Pieces,
    pub(super) line: u32,
}

/// A function that was followed with these arguments.
#[derive(Debug)]
struct Followed {
    def: usize,
    place: Place,
    given: Vec<(String, Value)>,
    made: Made,
    result: Value,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Declared {
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
    /// Of the decorator.
    dependencies: Vec<Value>,
}

struct Translator<'t> {
    options: &'t Options,
    definitions: Vec<Definition<'t>>,
    lambdas: Vec<(&'t [Parameter<'t>], &'t Expr<'t>, usize)>,
    classes: Vec<(&'t Class<'t>, usize)>,
    objects: Vec<Object<'t>>,
    scopes: Vec<Scope>,
    frames: Vec<Frame>,
    tasks: Vec<Task>,
    followed: Vec<Followed>,
    /// Functions being followed, the innermost last.
    open: Vec<usize>,
    /// Those that called themselves.
    recursive: Vec<usize>,
    shared: Vec<Declared>,
    /// Of queues that are joined: what is put there for each item that is done.
    done: Vec<(Shared, Shared)>,
    joined: Vec<Shared>,
    executor: Option<u64>,
    processes: Option<u64>,
    has_threads: bool,
    /// Threads that are no pool's: there is no bound for them.
    has_own_threads: bool,
    routes: Vec<Route>,
    notes: Vec<Note>,
    handles: usize,
    fuel: u32,
    depth: u32,
}

impl SharedKind {
    /// Whether it can be held: `async with`, `acquire`, `release`.
    fn is_lockable(self) -> bool {
        matches!(self, Self::Lock | Self::Semaphore(_) | Self::Condition)
    }

    /// As Python calls it.
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
    fn new(options: &'t Options) -> Self {
        Self {
            options,
            definitions: Vec::new(),
            lambdas: Vec::new(),
            classes: Vec::new(),
            objects: Vec::new(),
            scopes: vec![Scope::default()],
            frames: vec![Frame::new(Place::Main, 0)],
            tasks: Vec::new(),
            followed: Vec::new(),
            open: Vec::new(),
            recursive: Vec::new(),
            shared: Vec::new(),
            done: Vec::new(),
            joined: Vec::new(),
            executor: None,
            processes: None,
            has_threads: false,
            has_own_threads: false,
            routes: Vec::new(),
            notes: Vec::new(),
            handles: 0,
            fuel: FUEL,
            depth: 0,
        }
    }

    fn note(&mut self, line: u32, kind: NoteKind) {
        let note = Note { line, kind };
        if self.notes.len() < NOTES_MAX && !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    fn frame(&mut self) -> &mut Frame {
        if self.frames.is_empty() {
            self.frames.push(Frame::new(Place::Main, 0));
        }
        let last = self.frames.len() - 1;
        &mut self.frames[last]
    }

    fn place(&mut self) -> Place {
        self.frame().place
    }

    fn emit(&mut self, piece: Piece) {
        self.emit_all(vec![piece]);
    }

    fn emit_all(&mut self, pieces: Pieces) {
        let pieces = self.shallow(pieces);
        if let Some(block) = self.frame().blocks.last_mut() {
            block.extend(pieces);
        }
    }

    /// Pieces that do not nest too deeply; it is said if these did.
    fn shallow(&mut self, pieces: Pieces) -> Pieces {
        let line = pieces.first().map_or(1, |piece| piece.line);
        let (pieces, was_deep) = piece::shallow(pieces);
        if was_deep {
            self.note(line, NoteKind::TooDeep);
        }
        pieces
    }

    fn put(&mut self, line: u32, kind: PieceKind) {
        self.emit(Piece::new(line, kind));
    }

    /// What is emitted meanwhile, instead of emitting it.
    fn aside<T>(&mut self, follow: impl FnOnce(&mut Self) -> T) -> (Pieces, T) {
        self.frame().blocks.push(Pieces::new());
        let result = follow(self);
        let pieces = self.frame().blocks.pop().unwrap_or_default();
        (pieces, result)
    }

    /// One step deeper; `None` where it gets too deep, or takes too long.
    fn deeper<T>(&mut self, line: u32, follow: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.depth >= DEPTH_MAX {
            self.note(line, NoteKind::TooDeep);
            return None;
        }
        if !self.spend(line, 1) {
            return None;
        }
        self.depth += 1;
        let result = follow(self);
        self.depth -= 1;
        Some(result)
    }

    /// Whether there is fuel for it; that it is over is said.
    fn spend(&mut self, line: u32, units: usize) -> bool {
        let left = (self.fuel as usize).checked_sub(units);
        self.fuel = left.unwrap_or(0) as u32;
        if left.is_none() {
            self.note(line, NoteKind::TooMuch);
        }
        left.is_some()
    }

    /// Whether so many values and pieces may be copied.
    fn may_copy(&mut self, line: u32, count: usize) -> bool {
        self.spend(line, count / COPIED_FOR_ONE)
    }

    /// The value, or an unknown one in the place of one that is too large to be carried on.
    fn carried(&mut self, value: Value, line: u32) -> Value {
        let Some(weight) = value.weight() else {
            self.note(line, NoteKind::TooDeep);
            return Value::Unknown;
        };
        match self.may_copy(line, weight) {
            true => value,
            false => Value::Unknown,
        }
    }

    fn handle(&mut self) -> Handle {
        self.handles += 1;
        Handle(self.handles)
    }

    fn task(&mut self, task: Task) -> Made {
        self.tasks.push(task);
        Made(self.tasks.len() - 1)
    }

    fn declare(&mut self, kind: SharedKind) -> Value {
        let name = String::new();
        self.shared.push(Declared { name, kind });
        Value::Shared(Shared(self.shared.len() - 1))
    }

    /// A guess of the default length, which is said.
    fn guess(&mut self, line: u32, call: &str, verb: &'static str) -> Piece {
        let length = self.options.assumed;
        self.guess_of(line, call, verb, length)
    }

    fn guess_of(
        &mut self,
        line: u32,
        call: &str,
        verb: &'static str,
        length: SimDuration,
    ) -> Piece {
        let note = NoteKind::Assumed {
            call: call.to_owned(),
            verb,
            length,
        };
        self.note(line, note);
        Piece {
            asked: true,
            ..timed(line, call, verb, length)
        }
    }

    // Names.

    fn find(&self, name: &str) -> Option<&Value> {
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

    fn set(&mut self, name: &str, value: Value) {
        if let Value::Shared(Shared(index)) = value
            && let Some(declared) = self.shared.get_mut(index)
            && declared.name.is_empty()
        {
            declared.name = name.to_owned();
        }
        let scope = self.frame().scope;
        self.scopes[scope].names.insert(name.to_owned(), value);
    }
}

/// A labelled segment.
fn timed(line: u32, call: &str, verb: &str, length: SimDuration) -> Piece {
    let (length, label) = (Length::Fixed(length), Some(call.to_owned()));
    let kind = match verb {
        "await" => PieceKind::Await(length, label),
        "block" => PieceKind::Block(length, label),
        _ => PieceKind::Cpu(length, label),
    };
    Piece::new(line, kind)
}

impl Frame {
    fn new(place: Place, scope: usize) -> Self {
        Self {
            place,
            scope,
            blocks: vec![Pieces::new()],
            after: Pieces::new(),
            result: Value::Unknown,
        }
    }
}
