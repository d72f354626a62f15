//! Calls of functions that the text defines, followed once per set of arguments.

use super::super::note::NoteKind;
use super::super::piece::{
    self, PieceKind, ScriptPiece, ScriptPieces, TaskId, does_more_than_print, needs_loop,
};
use super::super::tree::{
    Comprehension, Def, ExprKind, ParameterKind, PythonExpr, PythonParameter, Stmt, StmtKind,
};
use super::super::value::{Coroutine, Value};
use super::call::Arguments;
use super::{
    COMPARED_FOR_ONE, DEPTH_MAX, Definition, Followed, Frame, NameScope, RouteReceiver, ScriptTask,
    ThreadKind, Translator,
};

/// Pieces that inlined coroutines may add to a thread.
const INLINED_MAX: usize = 2_000;
/// Calls inside calls that are inlined; it also ends recursion.
const INLINED_DEPTH: u32 = 8;
/// Levels of nesting that a call and its first statement take.
const CALL_DEPTH: u32 = 16;

/// The remaining budget of an inlining.
struct Left {
    pieces: usize,
    too_deep: bool,
}

impl<'t> Translator<'t> {
    pub(super) fn define_function(&mut self, def: &'t Def<'t>, line: u32) {
        let scope = self.current_frame().scope;
        let index = self.add_definition(def, line, scope, false);
        let value = self.evaluate_decorators(index, RouteReceiver::None, line);
        self.set_name(def.name, value);
    }

    pub(super) fn add_definition(
        &mut self,
        def: &'t Def<'t>,
        line: u32,
        scope: usize,
        is_method: bool,
    ) -> usize {
        let is_static = def
            .decorators
            .iter()
            .any(|decorator| decorator.name() == Some("staticmethod"));
        self.definitions.push(Definition {
            def,
            line,
            scope,
            is_job: false,
            is_generator: def.body.iter().any(stmt_yields),
            is_method: is_method && !is_static,
        });
        self.definitions.len() - 1
    }

    /// Calls a function; `own` is the receiver of a method.
    pub(super) fn call_def(
        &mut self,
        def: usize,
        arguments: Arguments<'t>,
        own: Option<Value>,
        line: u32,
    ) -> Value {
        let definition = self.definitions[def];
        let given = self.bind_arguments(definition, arguments, own);
        if definition.is_generator {
            let place = self.current_thread();
            // A generator runs when it is iterated, so its pieces go to the loop over it.
            let (pieces, handed) = self.follow_body(def, given, place).unwrap_or_default();
            return Value::Generator(pieces, Box::new(handed));
        }
        let place = if definition.def.is_async {
            // A coroutine runs on a loop even if a thread starts it.
            ThreadKind::Loop
        } else {
            self.current_thread()
        };
        // Without room for its first statement, the result of the call is unknown.
        let room = self.depth + CALL_DEPTH < DEPTH_MAX;
        let followed = if room {
            self.follow_deeper(line, |t| t.task_of_call(def, given, place))
                .flatten()
        } else {
            None
        };
        let Some((made, result)) = followed else {
            let label = definition.def.name.to_owned();
            return if definition.def.is_async {
                Value::Pending { label, line }
            } else {
                Value::Unknown
            };
        };
        // A function that starts tasks may return their handles. Handles belong to one body, so
        // the body is copied into its caller.
        let starts = piece::any_piece(&self.tasks[made.0].pieces, |piece| {
            matches!(piece.kind, PieceKind::Spawn(..) | PieceKind::Send(..))
        });
        let is_step = definition.def.is_async || !starts;
        let pieces = if is_step && does_more_than_print(&self.tasks[made.0].pieces) {
            vec![ScriptPiece::new(line, PieceKind::Call(made))]
        } else {
            self.copy_of(made, line)
        };
        if !definition.def.is_async {
            self.emit_all(pieces);
            return result;
        }
        Value::Coroutine(Box::new(Coroutine {
            name: definition.def.name.to_owned(),
            line,
            pieces,
            result,
        }))
    }

    /// A copy of a task's pieces. It costs fuel, because functions that call the next one twice
    /// double the pieces at each level.
    fn copy_of(&mut self, made: TaskId, line: u32) -> ScriptPieces {
        let size = piece::weight(&self.tasks[made.0].pieces).unwrap_or(0);
        if self.may_copy(line, size) {
            self.tasks[made.0].pieces.clone()
        } else {
            ScriptPieces::new()
        }
    }

    /// The value of each parameter.
    fn bind_arguments(
        &mut self,
        definition: Definition<'t>,
        arguments: Arguments<'t>,
        own: Option<Value>,
    ) -> Vec<(String, Value)> {
        let mut given = Vec::new();
        let mut place = arguments.place.into_iter().map(|(_, value)| value);
        // A static method has no receiver.
        let mut own = own.filter(|_| definition.is_method);
        for parameter in &definition.def.parameters {
            let value = match parameter.kind {
                ParameterKind::Positional if own.is_some() => own.take(),
                ParameterKind::Positional => place.next(),
                ParameterKind::Keyword => None,
                ParameterKind::Rest => Some(Value::Many(
                    place.by_ref().map(|value| (1, value)).collect(),
                )),
                ParameterKind::Keywords => Some(Value::Unknown),
            };
            let named = || {
                let found = arguments.named.iter();
                let found = found.clone().find(|(name, _)| *name == parameter.name)?;
                Some(found.1.clone())
            };
            let value = value.or_else(named);
            let value = match value {
                // The annotation may tell more than an unknown argument.
                None | Some(Value::Unknown) => self.parameter_of(definition, parameter),
                Some(value) => value,
            };
            given.push((parameter.name.to_owned(), value));
        }
        given
    }

    /// The value of a parameter without an argument, from its default or its annotation.
    pub(super) fn parameter_of(
        &mut self,
        definition: Definition<'t>,
        parameter: &'t PythonParameter<'t>,
    ) -> Value {
        self.frames
            .push(Frame::new(ThreadKind::Loop, definition.scope));
        let default = parameter
            .default
            .as_ref()
            .map(|default| self.evaluate_expr(default));
        let value = match (default, &parameter.annotation) {
            (Some(value), _) if value.is_known() && value != Value::path("builtins") => value,
            (_, Some(annotation)) => self.type_of(annotation),
            _ => Value::Unknown,
        };
        self.frames.pop();
        value
    }

    pub(super) fn annotated_type(
        &mut self,
        definition: Definition<'t>,
        parameter: &'t PythonParameter<'t>,
    ) -> Value {
        let Some(annotation) = &parameter.annotation else {
            return Value::Unknown;
        };
        self.object_of_type(definition.scope, annotation)
    }

    /// An object of the annotated type. For `Annotated[…, Depends(f)]` it is the dependency.
    fn type_of(&mut self, annotation: &'t PythonExpr<'t>) -> Value {
        match self.evaluate_expr(annotation) {
            Value::Path(path) if path.ends_with("BackgroundTasks") => Value::Background,
            Value::Path(path) if path.starts_with("builtins") => Value::Unknown,
            found @ (Value::Path(_) | Value::Depends(..) | Value::Background) => found,
            // `Optional[Service]` and `Service | None` are no classes of the text.
            Value::Class(class) => Value::Instance(self.bare_object(class)),
            _ => Value::Unknown,
        }
    }

    /// An object of the annotated type, evaluated in a scope.
    pub(super) fn object_of_type(&mut self, scope: usize, annotation: &'t PythonExpr<'t>) -> Value {
        self.frames.push(Frame::new(ThreadKind::Loop, scope));
        let value = self.type_of(annotation);
        self.frames.pop();
        match value {
            Value::Depends(..) => Value::Unknown,
            value => value,
        }
    }

    pub(super) fn value_in_scope(&mut self, scope: usize, expr: &'t PythonExpr<'t>) -> Value {
        self.frames.push(Frame::new(ThreadKind::Loop, scope));
        let value = self.evaluate_expr(expr);
        self.frames.pop();
        value
    }

    /// The class in the annotation of a parameter.
    pub(super) fn annotated_class(
        &mut self,
        definition: Definition<'t>,
        parameter: &'t PythonParameter<'t>,
    ) -> Value {
        match &parameter.annotation {
            Some(annotation) => match self.value_in_scope(definition.scope, annotation) {
                Value::Depends(called, _) => *called,
                found @ (Value::Class(_) | Value::Def(_) | Value::Path(_) | Value::Missing(_)) => {
                    found
                }
                _ => Value::Unknown,
            },
            None => Value::Unknown,
        }
    }

    /// The task of a function with these arguments; `None` during a recursive call.
    pub(super) fn task_of_call(
        &mut self,
        def: usize,
        given: Vec<(String, Value)>,
        place: ThreadKind,
    ) -> Option<(TaskId, Value)> {
        let line = self.definitions[def].line;
        self.spend_fuel(line, self.followed.len() / COMPARED_FOR_ONE);
        let known = self.followed.iter().find(|followed| {
            followed.def == def && followed.place == place && followed.given == given
        });
        if let Some(known) = known {
            return Some((known.made, known.result.clone()));
        }
        let (mut pieces, result) = self.follow_body(def, given.clone(), place)?;
        let definition = self.definitions[def];
        let name = definition.def.name;
        if !does_more_than_print(&pieces) {
            // A recursive function, or one that loops over numbers, computes if its name says so,
            // too, e.g. `fib`. The name alone is no evidence, and a loop over data is mostly short.
            let busy = self.recursive.contains(&def) || definition.def.body.iter().any(stmt_loops);
            let sounds = super::super::library::sounds_like_cpu(name);
            if let Some(piece) = self.stated_piece(definition.line, name) {
                pieces.push(piece);
            } else if busy && sounds {
                pieces.push(self.guessed_piece(definition.line, name, "cpu"));
            }
        }
        if place == ThreadKind::Thread {
            for line in self.for_threads(&mut pieces) {
                self.push_note(line, NoteKind::NotInThread);
            }
        }
        let is_async = definition.def.is_async
            || place == ThreadKind::Main
            || needs_loop(&pieces)
            || self.calls_async(&pieces);
        let arguments = given.iter().filter_map(|(_, value)| value.number());
        let arguments = arguments.collect();
        let made = self.same_or_new(
            def,
            ScriptTask {
                name: name.to_owned(),
                arguments,
                is_async,
                pieces,
                line: definition.line,
            },
        );
        self.followed.push(Followed {
            def,
            place,
            given,
            made,
            result: result.clone(),
        });
        Some((made, result))
    }

    /// Removes the pieces that a thread cannot do, and returns their lines. A coroutine that the
    /// thread runs (`asyncio.run`) becomes a part of the thread's work.
    pub(super) fn for_threads(&mut self, pieces: &mut ScriptPieces) -> Vec<u32> {
        *pieces = self.inline_calls(std::mem::take(pieces));
        piece::for_threads(pieces)
    }

    /// Replaces the calls of coroutines with their bodies.
    pub(super) fn inline_calls(&mut self, pieces: ScriptPieces) -> ScriptPieces {
        let line = pieces.first().map_or(1, |piece| piece.line);
        let mut left = Left {
            pieces: INLINED_MAX,
            too_deep: false,
        };
        let pieces = self.inlined_within(pieces, 0, piece::NESTING_MAX, &mut left);
        if left.pieces == 0 {
            self.push_note(line, NoteKind::TooMuch);
        }
        if left.too_deep {
            self.push_note(line, NoteKind::TooDeep);
        }
        pieces
    }

    fn inlined_within(
        &self,
        pieces: ScriptPieces,
        depth: u32,
        levels: usize,
        left: &mut Left,
    ) -> ScriptPieces {
        let mut result = ScriptPieces::new();
        for mut piece in pieces {
            left.pieces = left.pieces.saturating_sub(1);
            if left.pieces == 0 {
                break;
            }
            for inside in piece.nested_pieces_mut() {
                let inner = std::mem::take(inside);
                match levels.checked_sub(1) {
                    Some(levels) => *inside = self.inlined_within(inner, depth, levels, left),
                    None => left.too_deep = true,
                }
            }
            match piece.kind {
                PieceKind::Call(made) if self.tasks[made.0].is_async => {
                    if depth < INLINED_DEPTH {
                        let body = self.tasks[made.0].pieces.clone();
                        result.extend(self.inlined_within(body, depth + 1, levels, left));
                    }
                }
                _ => result.push(piece),
            }
        }
        result
    }

    fn calls_async(&self, pieces: &[ScriptPiece]) -> bool {
        piece::any_piece(pieces, |piece| match piece.kind {
            PieceKind::Call(made) => self.tasks[made.0].is_async,
            _ => false,
        })
    }

    /// The known task of the function that does the same with other arguments, or a new task.
    fn same_or_new(&mut self, def: usize, task: ScriptTask) -> TaskId {
        let same = self.followed.iter().find(|followed| {
            let other = &self.tasks[followed.made.0];
            followed.def == def
                && other.is_async == task.is_async
                && piece::are_alike(&other.pieces, &task.pieces)
        });
        match same {
            Some(followed) => followed.made,
            None => self.add_task(task),
        }
    }

    /// Follows the body with these parameters. Returns its pieces and its result.
    pub(super) fn follow_body(
        &mut self,
        def: usize,
        given: Vec<(String, Value)>,
        place: ThreadKind,
    ) -> Option<(ScriptPieces, Value)> {
        // Following a recursive call would never end.
        if self.open.contains(&def) {
            self.recursive.push(def);
            return None;
        }
        let definition = self.definitions[def];
        self.scopes.push(NameScope {
            names: given.into_iter().collect(),
            parent: Some(definition.scope),
        });
        let scope = self.scopes.len() - 1;
        self.open.push(def);
        self.entered.insert(def);
        self.frames.push(Frame::new(place, scope));
        self.translate_block(&definition.def.body);
        let frame = self.frames.pop()?;
        self.open.pop();
        let mut pieces: ScriptPieces = frame.blocks.into_iter().flatten().collect();
        // Background tasks run after the response.
        if !frame.after.is_empty() {
            pieces.push(ScriptPiece::new(definition.line, PieceKind::Respond));
            pieces.extend(frame.after);
        }
        Some((pieces, frame.result))
    }

    pub(super) fn call_lambda(&mut self, lambda: usize, arguments: Arguments<'t>) -> Value {
        let (parameters, body, scope) = self.lambdas[lambda];
        let mut names = std::collections::BTreeMap::new();
        let mut given = arguments.place.into_iter().map(|(_, value)| value);
        for parameter in parameters {
            let value = given.next().unwrap_or(Value::Unknown);
            names.insert(parameter.name.to_owned(), value);
        }
        self.scopes.push(NameScope {
            names,
            parent: Some(scope),
        });
        let inner = self.scopes.len() - 1;
        // A lambda needs no frame: its pieces belong to its caller.
        let around = std::mem::replace(&mut self.current_frame().scope, inner);
        let value = self.evaluate_expr(body);
        self.current_frame().scope = around;
        value
    }
}

/// Whether the statement makes its function a generator. Nested functions are ignored.
fn stmt_yields(stmt: &Stmt) -> bool {
    stmt_has(stmt, &|expr| {
        matches!(expr.kind, ExprKind::Yield(_) | ExprKind::YieldFrom(_))
    })
}

/// Whether the statement awaits or sleeps, by its text only.
pub(super) fn mentions_time(stmt: &Stmt) -> bool {
    stmt_has(stmt, &|expr| match &expr.kind {
        ExprKind::Await(inner) => !super::expression::is_quick(inner),
        ExprKind::Call(callee, _) => match &callee.kind {
            ExprKind::Attribute(_, name) | ExprKind::Name(name) => *name == "sleep",
            _ => false,
        },
        _ => false,
    })
}

/// Whether the statement cancels a task, by its text only.
pub(super) fn mentions_cancel(stmt: &Stmt) -> bool {
    stmt_has(stmt, &|expr| match &expr.kind {
        ExprKind::Call(callee, _) => matches!(callee.kind, ExprKind::Attribute(_, "cancel")),
        _ => false,
    })
}

/// Whether the statement repeats something for a range of numbers, or until a condition holds.
fn stmt_loops(stmt: &Stmt) -> bool {
    match &stmt.kind {
        StmtKind::While { .. } => true,
        StmtKind::For(found) => is_range(&found.iterated) || found.body.iter().any(stmt_loops),
        _ => stmt_has(stmt, &|expr| match &expr.kind {
            ExprKind::Comprehension(found) => is_loop(found),
            _ => false,
        }),
    }
}

fn is_loop(found: &Comprehension) -> bool {
    let mut clauses = found.clauses.iter();
    clauses.any(|clause| is_range(&clause.iterated))
}

fn is_range(iterated: &PythonExpr) -> bool {
    matches!(&iterated.kind, ExprKind::Call(callee, _) if callee.name() == Some("range"))
}

fn stmt_has(stmt: &Stmt, wanted: &dyn Fn(&PythonExpr) -> bool) -> bool {
    let has = |expr: &PythonExpr| expr_has(expr, wanted);
    let body = |body: &[Stmt]| body.iter().any(|stmt| stmt_has(stmt, wanted));
    match &stmt.kind {
        StmtKind::Return(value) => value.as_ref().is_some_and(has),
        StmtKind::Assign { value, .. } | StmtKind::Update { value, .. } | StmtKind::Expr(value) => {
            has(value)
        }
        StmtKind::Annotated { value, .. } => value.as_ref().is_some_and(has),
        StmtKind::For(found) => has(&found.iterated) || body(&found.body) || body(&found.orelse),
        StmtKind::While {
            test,
            body: inner,
            orelse,
        } => has(test) || body(inner) || body(orelse),
        StmtKind::If { arms, orelse } => {
            let mut arms = arms.iter();
            arms.any(|arm| has(&arm.test) || body(&arm.body)) || body(orelse)
        }
        StmtKind::With {
            items, body: inner, ..
        } => items.iter().any(|(context, _)| has(context)) || body(inner),
        StmtKind::Match { subject, cases } => {
            has(subject) || cases.iter().any(|case| body(&case.body))
        }
        StmtKind::Try(found) => {
            let handlers = found.handlers.iter();
            body(&found.body)
                || handlers.clone().any(|handler| body(&handler.body))
                || body(&found.orelse)
                || body(&found.finally)
        }
        _ => false,
    }
}

fn expr_has(expr: &PythonExpr, wanted: &dyn Fn(&PythonExpr) -> bool) -> bool {
    if wanted(expr) {
        return true;
    }
    let mut found = false;
    // A `yield` in a lambda makes only the lambda a generator.
    if !matches!(expr.kind, ExprKind::Lambda(..)) {
        expr.kind
            .children(&mut |child| found = found || expr_has(child, wanted));
    }
    found
}
