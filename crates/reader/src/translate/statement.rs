//! Statements, imports and `with` blocks.
//!
//! Branches and loops are left to [`super::branch`] and [`super::rounds`].

use super::super::note::NoteKind;
use super::super::piece::{PieceKind, Pieces, Shared, hand_over, handovers, split, weight};
use super::super::tree::{Alias, Class, Expr, ExprKind, Stmt, StmtKind};
use super::super::value::Value;
use super::{Place, Translator};
use model::workload::Length;

/// The next statement to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flow {
    /// The one that follows.
    Next,
    /// `continue`: the next round.
    Again,
    /// `break`: the statement after the loop.
    Breaks,
    /// `return` or `raise`: none in this function.
    Leaves,
}

/// The end of a `with` block.
enum Exit {
    With(Shared),
    Group,
    Timeout(Length),
    /// The pieces of a generator after its `yield`.
    Rest(Pieces),
}

impl<'t> Translator<'t> {
    pub(super) fn block(&mut self, body: &'t [Stmt<'t>]) -> Flow {
        for (index, stmt) in body.iter().enumerate() {
            let is_last = index + 1 == body.len();
            let flow = self.deeper(stmt.line, |t| t.stmt(stmt, is_last));
            match flow {
                Some(Flow::Next) => {}
                Some(other) => return other,
                None => return Flow::Leaves,
            }
        }
        Flow::Next
    }

    fn stmt(&mut self, stmt: &'t Stmt<'t>, is_last: bool) -> Flow {
        let line = stmt.line;
        match &stmt.kind {
            StmtKind::Def(def) => self.define(def, line),
            StmtKind::Class(class) => self.define_class(class),
            StmtKind::Return(value) => {
                self.give(value.as_ref());
                return Flow::Leaves;
            }
            StmtKind::Delete(_)
            | StmtKind::Scope(_)
            | StmtKind::TypeAlias
            | StmtKind::Pass
            | StmtKind::Assert(..) => {}
            StmtKind::Assign { targets, value } => {
                let value = self.settled(value);
                for target in targets {
                    self.assign(target, value.clone());
                }
            }
            StmtKind::Update { target, value } => self.update(target, value),
            StmtKind::Annotated {
                target,
                annotation,
                value,
            } => {
                let value = match value {
                    Some(value) => self.settled(value),
                    // A field without a value is an object of its type, e.g. `client: AsyncClient`.
                    None => self.value(annotation),
                };
                self.assign(target, value);
            }
            StmtKind::For(found) => return self.repeat_over(found, line),
            StmtKind::While { test, body, .. } => return self.repeat_while(test, body, line),
            StmtKind::If { arms, orelse } => return self.branch(arms, orelse, is_last),
            StmtKind::With {
                is_async,
                items,
                body,
            } => return self.with(*is_async, items, body, line),
            StmtKind::Match { subject, cases } => {
                self.settled(subject);
                return self.choose(cases, line);
            }
            StmtKind::Raise(raised, _) => {
                self.raise(raised.as_ref(), line);
                return Flow::Leaves;
            }
            StmtKind::Try(found) => return self.attempt(found, line),
            StmtKind::Import(names) => self.import(names),
            StmtKind::ImportFrom { module, names } => self.import_from(module, names),
            StmtKind::Expr(expr) => self.perform(expr),
            StmtKind::Break => return Flow::Breaks,
            StmtKind::Continue => return Flow::Again,
        }
        Flow::Next
    }

    /// An expression as a statement. A coroutine that is not awaited does not run.
    fn perform(&mut self, expr: &'t Expr<'t>) {
        if let Value::Coroutine(made) = self.settled(expr) {
            let name = made.name;
            self.note(expr.line, NoteKind::NotAwaited { name });
        }
    }

    /// Records the value of `return`. The first known one wins, as branches are all followed.
    fn give(&mut self, value: Option<&'t Expr<'t>>) {
        let Some(value) = value else { return };
        let value = self.settled(value);
        if self.frame().result == Value::Unknown {
            self.frame().result = value;
        }
    }

    fn raise(&mut self, raised: Option<&'t Expr<'t>>, line: u32) {
        let Some(raised) = raised else { return };
        self.settled(raised);
        let text = match &raised.kind {
            ExprKind::Call(callee, _) => super::expression::dotted(callee),
            _ => super::expression::dotted(raised),
        };
        self.put(line, PieceKind::Fail(text));
    }

    fn define_class(&mut self, class: &'t Class<'t>) {
        let scope = self.frame().scope;
        self.classes.push((class, scope));
        let value = Value::Class(self.classes.len() - 1);
        self.set(class.name, value);
    }

    // Imports.

    fn import(&mut self, names: &'t [Alias<'t>]) {
        for alias in names {
            let root = alias.path.split('.').next().unwrap_or_default();
            match alias.name {
                Some(name) => self.set(name, Value::path(&alias.path)),
                // `import a.b` binds `a`.
                None => self.set(root, Value::path(root)),
            }
            // Importing threads is enough: `time.sleep` may come before the first is started.
            self.has_threads |= is_about_threads(&alias.path);
        }
    }

    fn import_from(&mut self, module: &str, names: &'t [Alias<'t>]) {
        self.has_threads |= is_about_threads(module);
        // The program's other modules are not read, so relative imports stay unknown paths.
        let module = module.trim_start_matches('.');
        for alias in names.iter().filter(|alias| alias.path != "*") {
            let name = alias.name.unwrap_or(&alias.path);
            let path = match module {
                "" => alias.path.clone(),
                module => format!("{module}.{}", alias.path),
            };
            self.set(name, Value::Path(path));
        }
    }

    // `with` blocks.

    fn with(
        &mut self,
        is_async: bool,
        items: &'t [(Expr<'t>, Option<Expr<'t>>)],
        body: &'t [Stmt<'t>],
        line: u32,
    ) -> Flow {
        // Contexts are entered from left to right and left in reverse, without recursion: a
        // statement may have thousands.
        let mut exits = Vec::new();
        for (context, target) in items {
            let value = self.settled(context);
            if let Value::Shared(shared) = value
                && !(is_async && self.shared[shared.0].kind.is_lockable())
            {
                let word = if is_async { "async with" } else { "with" };
                self.refused(line, &format!("{word} {}", self.shared_name(shared)));
                continue;
            }
            exits.extend(self.enter(value, target.as_ref(), line));
        }
        let flow = self.block(body);
        while let Some(exit) = exits.pop() {
            self.leave(exit, line);
        }
        flow
    }

    /// Enters a context; returns its exit.
    fn enter(&mut self, value: Value, target: Option<&'t Expr<'t>>, line: u32) -> Option<Exit> {
        let (given, exit) = match value {
            Value::Shared(shared) => (None, Some(Exit::With(shared))),
            Value::TaskGroup | Value::Pool(_) => (Some(value), Some(Exit::Group)),
            Value::Limit(after) => (None, Some(Exit::Timeout(after))),
            Value::Generator(pieces, handed) => {
                let (before, after) = split(pieces);
                self.emit_all(before);
                (Some(*handed), Some(Exit::Rest(after)))
            }
            // A library's context takes its time at entry, e.g. `async with session.get(url)`.
            Value::Coroutine(made) => {
                self.emit_all(made.pieces);
                (Some(made.result), None)
            }
            other => {
                if is_thread_lock(&other) {
                    self.note(line, NoteKind::NotInThread);
                }
                (Some(other), None)
            }
        };
        if let (Some(target), Some(given)) = (target, given) {
            self.assign(target, given);
        }
        if !matches!(exit, None | Some(Exit::Rest(_))) {
            self.frame().blocks.push(Pieces::new());
        }
        exit
    }

    fn leave(&mut self, exit: Exit, line: u32) {
        if let Exit::Rest(pieces) = exit {
            return self.emit_all(pieces);
        }
        let body = self.frame().blocks.pop().unwrap_or_default();
        let kind = match exit {
            Exit::With(shared) => PieceKind::With(shared, body),
            Exit::Timeout(after) => PieceKind::Timeout(after, body, None),
            Exit::Group | Exit::Rest(_) => PieceKind::Group(body),
        };
        self.put(line, kind);
    }

    /// `async for x in ticks():` where the text defines the generator `ticks`.
    pub(super) fn repeat_generator(
        &mut self,
        pieces: Pieces,
        handed: Value,
        target: &'t Expr<'t>,
        body: &'t [Stmt<'t>],
    ) {
        self.assign(target, handed);
        let (round, _) = self.aside(|t| t.block(body));
        // Each `yield` copies the body, and nested loops multiply the copies; so it costs fuel.
        let size = weight(&round).unwrap_or(0);
        let line = body.first().map_or(target.line, |stmt| stmt.line);
        if self.may_copy(line, size.saturating_mul(handovers(&pieces))) {
            self.emit_all(hand_over(pieces, &round));
        }
    }

    pub(super) fn is_main(&mut self) -> bool {
        self.place() == Place::Main
    }
}

fn is_about_threads(path: &str) -> bool {
    ["threading", "concurrent", "multiprocessing"]
        .iter()
        .any(|module| path.split('.').next() == Some(module))
}

/// Whether the value is a lock of `threading`. A script has no locks between threads.
fn is_thread_lock(value: &Value) -> bool {
    matches!(value, Value::Path(path) if path.starts_with("threading."))
}
