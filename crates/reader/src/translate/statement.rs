//! Statements, imports and `with` blocks.
//!
//! Branches and loops are left to [`super::branch`] and [`super::rounds`].

use super::super::note::NoteKind;
use super::super::piece::{
    PieceKind, ResourceId, ScriptPiece, ScriptPieces, TimeLimit, count_yields, hand_over,
    split_at_yield, weight,
};
use super::super::project::{absolute_name, joined};
use super::super::tree::{Alias, ExprKind, PythonClass, PythonExpr, Stmt, StmtKind};
use super::super::value::Value;
use super::{ThreadKind, Translator};
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
enum WithExit {
    With(ResourceId),
    Group,
    Timeout {
        after: Length,
        moves_on: bool,
    },
    /// The pieces of a generator after its `yield`.
    Rest(ScriptPieces),
}

impl<'t> Translator<'t> {
    pub(super) fn translate_block(&mut self, body: &'t [Stmt<'t>]) -> Flow {
        for (index, stmt) in body.iter().enumerate() {
            let is_last = index + 1 == body.len();
            let flow = self.follow_deeper(stmt.line, |t| t.translate_statement(stmt, is_last));
            match flow {
                Some(Flow::Next) => {}
                Some(other) => {
                    // Without an error, a limit goes on below its block.
                    if let StmtKind::With { .. } = stmt.kind {
                        self.follow_when_late(&body[index + 1..]);
                    }
                    return other;
                }
                None => return Flow::Leaves,
            }
        }
        Flow::Next
    }

    /// Follows the statements below a `with move_on_after(…)` that returns: they run only when the
    /// limit has expired.
    fn follow_when_late(&mut self, rest: &'t [Stmt<'t>]) {
        let is_limit = |piece: &mut ScriptPiece| match &piece.kind {
            PieceKind::Timeout(_, _, Some(otherwise)) => otherwise.is_empty(),
            _ => false,
        };
        let (Some(next), Some(block)) = (rest.first(), self.current_frame().blocks.last_mut())
        else {
            return;
        };
        let Some(mut limit) = block.pop_if(is_limit) else {
            return;
        };
        let follow = |t: &mut Self| t.collect_pieces(|t| t.translate_block(rest)).0;
        let pieces = self.follow_deeper(next.line, follow);
        if let PieceKind::Timeout(_, _, otherwise) = &mut limit.kind {
            *otherwise = Some(pieces.unwrap_or_default());
        }
        self.push_piece(limit);
    }

    fn translate_statement(&mut self, stmt: &'t Stmt<'t>, is_last: bool) -> Flow {
        let line = stmt.line;
        match &stmt.kind {
            StmtKind::Def(def) => self.define_function(def, line),
            StmtKind::Class(class) => self.define_class(class),
            StmtKind::Return(value) => {
                self.record_return(value.as_ref());
                return Flow::Leaves;
            }
            StmtKind::Delete(_)
            | StmtKind::Scope(_)
            | StmtKind::TypeAlias
            | StmtKind::Pass
            | StmtKind::Assert(..) => {}
            StmtKind::Assign { targets, value } => {
                let value = self.evaluate_settled(value);
                for target in targets {
                    self.assign_target(target, value.clone());
                }
            }
            StmtKind::Update { target, value } => self.update_target(target, value),
            StmtKind::Annotated {
                target,
                annotation,
                value,
            } => {
                let value = match value {
                    Some(value) => self.evaluate_settled(value),
                    // A field without a value is an object of its type, e.g. `client: AsyncClient`.
                    None => self.evaluate_expr(annotation),
                };
                self.assign_target(target, value);
            }
            StmtKind::For(found) => return self.repeat_over(found, line),
            StmtKind::While { test, body, .. } => return self.repeat_while(test, body, line),
            StmtKind::If { arms, orelse } => return self.translate_if(arms, orelse, is_last),
            StmtKind::With {
                is_async,
                items,
                body,
            } => return self.translate_with(*is_async, items, body, line),
            StmtKind::Match { subject, cases } => {
                self.evaluate_settled(subject);
                return self.translate_match(cases, line);
            }
            StmtKind::Raise(raised, _) => {
                self.translate_raise(raised.as_ref(), line);
                return Flow::Leaves;
            }
            StmtKind::Try(found) => return self.translate_try(found, line),
            StmtKind::Import(names) => self.translate_import(names),
            StmtKind::ImportFrom { module, names } => self.import_from(module, names),
            StmtKind::Expr(expr) => self.translate_expr_statement(expr),
            StmtKind::Break => return Flow::Breaks,
            StmtKind::Continue => return Flow::Again,
        }
        Flow::Next
    }

    /// An expression as a statement. A coroutine that is not awaited does not run.
    fn translate_expr_statement(&mut self, expr: &'t PythonExpr<'t>) {
        if let Value::Coroutine(made) = self.evaluate_settled(expr) {
            let name = made.name;
            self.push_note(expr.line, NoteKind::NotAwaited { name });
        }
    }

    /// Records the value of `return`. The first known one wins, as branches are all followed.
    fn record_return(&mut self, value: Option<&'t PythonExpr<'t>>) {
        let Some(value) = value else { return };
        let value = self.evaluate_settled(value);
        if self.current_frame().result == Value::Unknown {
            self.current_frame().result = value;
        }
    }

    fn translate_raise(&mut self, raised: Option<&'t PythonExpr<'t>>, line: u32) {
        let Some(raised) = raised else { return };
        self.evaluate_settled(raised);
        let text = match &raised.kind {
            ExprKind::Call(callee, _) => super::expression::dotted_path(callee),
            _ => super::expression::dotted_path(raised),
        };
        self.push_kind(line, PieceKind::Fail(text));
    }

    fn define_class(&mut self, class: &'t PythonClass<'t>) {
        let scope = self.current_frame().scope;
        self.classes.push((class, scope));
        let index = self.classes.len() - 1;
        self.set_name(class.name, Value::Class(index));
        self.find_class_routes(index);
    }

    // Imports.

    fn translate_import(&mut self, names: &'t [Alias<'t>]) {
        for alias in names {
            let root = alias.path.split('.').next().unwrap_or_default();
            match alias.name {
                Some(name) => self.set_name(name, self.module_or_path(&alias.path)),
                // `import a.b` binds `a`.
                None => self.set_name(root, self.module_or_path(root)),
            }
            // Importing threads is enough: `time.sleep` may come before the first is started.
            self.has_threads |= is_about_threads(&alias.path);
        }
    }

    fn module_or_path(&self, path: &str) -> Value {
        match self.module_of_name.get(path) {
            Some(module) => Value::Module(*module),
            None => Value::path(path),
        }
    }

    fn import_from(&mut self, from: &str, names: &'t [Alias<'t>]) {
        self.has_threads |= is_about_threads(from);
        // A relative import is never a library: `from . import requests` is a module of the program.
        let is_relative = from.starts_with('.');
        let current = &self.modules[self.current_module()];
        let base = absolute_name(from, &current.name, current.is_package);
        let known = self.module_of_name.get(base.as_str()).copied();
        for alias in names {
            if alias.path == "*" {
                self.import_all(known);
                continue;
            }
            let path = joined(&base, &alias.path);
            let value = match (known, self.module_of_name.get(path.as_str())) {
                (Some(module), _) => Value::Imported(module, alias.path.clone()),
                (None, Some(module)) => Value::Module(*module),
                _ if is_relative => Value::Missing(path),
                _ => Value::Path(path),
            };
            self.set_name(alias.name.unwrap_or(&alias.path), value);
        }
    }

    /// `from app.models import *`
    fn import_all(&mut self, module: Option<usize>) {
        let Some(module) = module else { return };
        let names = self.scopes[module].names.keys();
        let public: Vec<String> = names
            .filter(|name| !name.starts_with('_'))
            .cloned()
            .collect();
        for name in public {
            let value = Value::Imported(module, name.clone());
            self.set_name(&name, value);
        }
    }

    // `with` blocks.

    fn translate_with(
        &mut self,
        is_async: bool,
        items: &'t [(PythonExpr<'t>, Option<PythonExpr<'t>>)],
        body: &'t [Stmt<'t>],
        line: u32,
    ) -> Flow {
        // Contexts are entered from left to right and left in reverse, without recursion: a
        // statement may have thousands.
        let mut exits = Vec::new();
        for (context, target) in items {
            let value = if is_async {
                self.evaluate_entered(context)
            } else {
                self.evaluate_settled(context)
            };
            if let Value::Shared(shared) = value
                && !(is_async && self.shared[shared.0].kind.is_lockable())
            {
                let word = if is_async { "async with" } else { "with" };
                self.note_refused(line, &format!("{word} {}", self.shared_name(shared)));
                continue;
            }
            exits.extend(self.enter_context(value, target.as_ref(), line));
        }
        let flow = self.translate_block(body);
        while let Some(exit) = exits.pop() {
            self.leave_context(exit, line);
        }
        flow
    }

    /// The value that `async with` enters or `async for` iterates. They await, so a call of a
    /// library does not block there, whatever the table says of it.
    pub(super) fn evaluate_entered(&mut self, context: &'t PythonExpr<'t>) -> Value {
        let (mut pieces, value) = self.collect_pieces(|t| t.evaluate_settled(context));
        if let Some(piece) = pieces.last_mut().filter(|piece| piece.line == context.line)
            && let PieceKind::Block(length, label @ Some(_)) = &mut piece.kind
        {
            piece.kind = PieceKind::Await(*length, label.take());
            // The note about the guess has the word, too.
            let line = piece.line;
            let notes = self.notes.iter_mut().filter(|note| note.line == line);
            if let Some(NoteKind::Assumed { verb, .. }) = notes.last().map(|note| &mut note.kind) {
                *verb = "await";
            }
        }
        self.emit_all(pieces);
        value
    }

    /// Enters a context; returns its exit.
    fn enter_context(
        &mut self,
        value: Value,
        target: Option<&'t PythonExpr<'t>>,
        line: u32,
    ) -> Option<WithExit> {
        let (given, exit) = match value {
            Value::Shared(shared) => (None, Some(WithExit::With(shared))),
            Value::TaskGroup | Value::Pool(_) => (Some(value), Some(WithExit::Group)),
            Value::Limit { after, moves_on } => (None, Some(WithExit::Timeout { after, moves_on })),
            Value::Generator(pieces, handed) => {
                let (before, after) = split_at_yield(pieces);
                self.emit_all(before);
                (Some(*handed), Some(WithExit::Rest(after)))
            }
            // A library's context takes its time at entry, e.g. `async with session.get(url)`.
            Value::Coroutine(made) => {
                self.emit_all(made.pieces);
                (Some(made.result), None)
            }
            other => {
                if is_thread_lock(&other) {
                    self.push_note(line, NoteKind::NotInThread);
                }
                (Some(other), None)
            }
        };
        if let (Some(target), Some(given)) = (target, given) {
            self.assign_target(target, given);
        }
        if !matches!(exit, None | Some(WithExit::Rest(_))) {
            self.current_frame().blocks.push(ScriptPieces::new());
        }
        exit
    }

    fn leave_context(&mut self, exit: WithExit, line: u32) {
        if let WithExit::Rest(pieces) = exit {
            return self.emit_all(pieces);
        }
        let body = self.current_frame().blocks.pop().unwrap_or_default();
        let kind = match exit {
            WithExit::With(shared) => PieceKind::With(shared, body),
            WithExit::Timeout { after, moves_on } => {
                let limit = TimeLimit {
                    length: after,
                    is_wait_for: false,
                };
                PieceKind::Timeout(limit, body, moves_on.then(ScriptPieces::new))
            }
            WithExit::Group | WithExit::Rest(_) => PieceKind::Group(body),
        };
        self.push_kind(line, kind);
    }

    /// `async for x in ticks():` where the text defines the generator `ticks`.
    pub(super) fn repeat_generator(
        &mut self,
        pieces: ScriptPieces,
        handed: Value,
        target: &'t PythonExpr<'t>,
        body: &'t [Stmt<'t>],
    ) {
        self.assign_target(target, handed);
        let (round, _) = self.collect_pieces(|t| t.translate_block(body));
        // Each `yield` copies the body, and nested loops multiply the copies; so it costs fuel.
        let size = weight(&round).unwrap_or(0);
        let line = body.first().map_or(target.line, |stmt| stmt.line);
        if self.may_copy(line, size.saturating_mul(count_yields(&pieces))) {
            self.emit_all(hand_over(pieces, &round));
        }
    }

    pub(super) fn is_main(&mut self) -> bool {
        self.current_thread() == ThreadKind::Main
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
