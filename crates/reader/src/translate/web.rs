//! Web handlers with their dependencies and background tasks, and the tasks of job queues.

use super::super::note::NoteKind;
use super::super::piece::{
    self, PieceKind, PoolKind, ScriptPiece, ScriptPieces, does_more_than_print, split_at_yield,
};
use super::super::tree::ExprKind;
use super::super::value::Value;
use super::call::Arguments;
use super::{Route, ScriptTask, ThreadKind, Translator};
use model::time::SimDuration;
use model::workload::Length;

/// Decorators that define a handler, of FastAPI, Starlette and Flask.
const METHODS: [&str; 10] = [
    "get",
    "post",
    "put",
    "patch",
    "delete",
    "head",
    "options",
    "api_route",
    "route",
    "websocket",
];
/// The assumed duration of a function on the pool that takes no time otherwise.
const TRIVIAL: SimDuration = SimDuration::from_millis(1);

impl<'t> Translator<'t> {
    /// Evaluates the decorators of a function, e.g. `@app.get("/")`.
    pub(super) fn evaluate_decorators(&mut self, def: usize, line: u32) -> Value {
        let definition = self.definitions[def];
        for decorator in &definition.def.decorators {
            let (callee, arguments) = match &decorator.kind {
                ExprKind::Call(callee, arguments) => (&**callee, arguments.as_slice()),
                _ => (decorator, [].as_slice()),
            };
            let (of, name) = match &callee.kind {
                ExprKind::Attribute(of, name) => (Some(&**of), *name),
                ExprKind::Name(name) => (None, *name),
                _ => continue,
            };
            let first = arguments.first().map(|argument| &argument.value.kind);
            let has_path = matches!(first, Some(ExprKind::Text(text)) if text.is_empty() || text.starts_with('/'))
                || arguments.iter().any(|argument| {
                    argument.name == super::super::tree::ArgumentName::Name("path")
                });
            // The path tells `@app.get("/x")` from other decorators with these names.
            if of.is_some() && METHODS.contains(&name) && has_path {
                let given = self.evaluate_arguments(arguments);
                let dependencies = match given.named_argument("dependencies") {
                    Some(Value::Many(items)) => {
                        items.iter().map(|(_, item)| item.clone()).collect()
                    }
                    _ => Vec::new(),
                };
                self.routes.push(Route {
                    def,
                    line,
                    dependencies,
                });
            } else if name == "task" || name == "shared_task" {
                self.definitions[def].is_job = true;
            } else if name == "middleware" {
                self.push_note(
                    line,
                    NoteKind::NotMapped {
                        what: name.to_owned(),
                    },
                );
            } else if name == "on_event" {
                self.push_note(line, NoteKind::StartUp);
            }
        }
        Value::Def(def)
    }

    /// `background_tasks.add_task(f, x)`
    pub(super) fn add_background_task(
        &mut self,
        called: Value,
        arguments: Arguments<'t>,
        line: u32,
    ) {
        let is_async = match &called {
            Value::Def(def) => self.definitions[*def].def.is_async,
            _ => false,
        };
        let piece = if is_async {
            match self.call_value(called, arguments, line) {
                Value::Coroutine(made) => made.pieces,
                _ => ScriptPieces::new(),
            }
        } else {
            // Starlette runs a `def` function on the thread pool.
            let pieces = self.offloaded_pieces(called, arguments, line);
            vec![ScriptPiece::new(
                line,
                PieceKind::Offload(PoolKind::Thread, pieces),
            )]
        };
        self.current_frame().after.extend(piece);
    }

    /// The tasks of the handlers, with their dependencies first.
    pub(super) fn handler_tasks(&mut self) -> Vec<(super::TaskId, u32)> {
        let routes = std::mem::take(&mut self.routes);
        let mut made = Vec::new();
        for route in routes {
            made.extend(self.handler_task(&route).map(|task| (task, route.line)));
        }
        made
    }

    fn handler_task(&mut self, route: &Route) -> Option<super::TaskId> {
        let definition = self.definitions[route.def];
        let mut done = Vec::new();
        let mut exits = ScriptPieces::new();
        let (mut before, given) = self.collect_pieces(|t| {
            for dependency in &route.dependencies {
                t.resolve_dependency(dependency.clone(), &mut done, &mut exits);
            }
            t.resolve_parameters(route.def, &mut done, &mut exits)
        });
        let place = if definition.def.is_async {
            ThreadKind::Loop
        } else {
            ThreadKind::Thread
        };
        let (mut pieces, _) = self.follow_body(route.def, given, place)?;
        let mut after = ScriptPieces::new();
        // Pieces after the response stay after the offload of the handler's body.
        if let Some(at) = pieces
            .iter()
            .position(|piece| piece.kind == PieceKind::Respond)
        {
            after = pieces.split_off(at);
        }
        // FastAPI runs the code after the `yield` of a dependency after the response.
        if !exits.is_empty() && after.is_empty() {
            after.push(ScriptPiece::new(route.line, PieceKind::Respond));
        }
        after.extend(exits);
        if !definition.def.is_async {
            pieces = self.inline_calls(pieces);
        }
        let sends = pieces.iter().any(is_send);
        // A script runs a `def` handler on the pool by itself. With more parts than its body, it
        // becomes an `async def` that offloads the body.
        let is_plain = before.is_empty() && after.is_empty() && !sends && !definition.def.is_async;
        if sends && !definition.def.is_async {
            pieces = split_at_sends(pieces, route.line);
        } else if !definition.def.is_async {
            for line in self.for_threads(&mut pieces) {
                self.push_note(line, NoteKind::NotInThread);
            }
        }
        let body = if is_plain || definition.def.is_async || sends {
            pieces
        } else {
            if !does_more_than_print(&pieces) {
                pieces.push(trivial_piece(route.line));
            }
            vec![ScriptPiece::new(
                route.line,
                PieceKind::Offload(PoolKind::Thread, pieces),
            )]
        };
        before.extend(body);
        before.extend(after);
        Some(self.add_task(ScriptTask {
            name: definition.def.name.to_owned(),
            arguments: Vec::new(),
            is_async: !is_plain,
            pieces: before,
            line: definition.line,
        }))
    }

    /// The values of a function's parameters, after its dependencies.
    fn resolve_parameters(
        &mut self,
        def: usize,
        done: &mut Vec<(usize, Value)>,
        exits: &mut ScriptPieces,
    ) -> Vec<(String, Value)> {
        let definition = self.definitions[def];
        let mut given = Vec::new();
        for parameter in &definition.def.parameters {
            let default = self.parameter_of(definition, parameter);
            let value = match default {
                Value::Depends(_) => match self.resolve_dependency(default, done, exits) {
                    // The annotation may tell the type of a dependency that the text lacks.
                    Value::Unknown => self.annotated_type(definition, parameter),
                    handed => handed,
                },
                other => other,
            };
            given.push((parameter.name.to_owned(), value));
        }
        given
    }

    /// Resolves a dependency: once per request, and after its own dependencies.
    fn resolve_dependency(
        &mut self,
        dependency: Value,
        done: &mut Vec<(usize, Value)>,
        exits: &mut ScriptPieces,
    ) -> Value {
        let Value::Depends(inner) = dependency else {
            return Value::Unknown;
        };
        let Value::Def(def) = *inner else {
            return Value::Unknown;
        };
        if let Some((_, value)) = done.iter().find(|(known, _)| *known == def) {
            return value.clone();
        }
        let definition = self.definitions[def];
        let line = definition.line;
        // Before its own dependencies are resolved: this ends a cycle.
        done.push((def, Value::Unknown));
        let given = self
            .follow_deeper(line, |t| t.resolve_parameters(def, done, exits))
            .unwrap_or_default();
        let value = match (definition.def.is_async, definition.is_generator) {
            (true, false) => self.depend_on_coroutine(def, given, line),
            (false, false) => self.depend_on_thread(def, given, line),
            (is_async, true) => self.depend_on_generator(def, given, is_async, exits),
        };
        if let Some(entry) = done.iter_mut().find(|(known, _)| *known == def) {
            entry.1 = value.clone();
        }
        value
    }

    fn depend_on_coroutine(&mut self, def: usize, given: Vec<(String, Value)>, line: u32) -> Value {
        let Some((made, result)) = self.task_of_call(def, given, ThreadKind::Loop) else {
            return Value::Unknown;
        };
        if does_more_than_print(&self.tasks[made.0].pieces) {
            self.push_kind(line, PieceKind::Call(made));
        }
        result
    }

    fn depend_on_thread(&mut self, def: usize, given: Vec<(String, Value)>, line: u32) -> Value {
        let Some((made, result)) = self.task_of_call(def, given, ThreadKind::Thread) else {
            return Value::Unknown;
        };
        if !does_more_than_print(&self.tasks[made.0].pieces) {
            self.tasks[made.0].pieces = vec![trivial_piece(line)];
        }
        let call = vec![ScriptPiece::new(line, PieceKind::Call(made))];
        self.push_kind(line, PieceKind::Offload(PoolKind::Thread, call));
        result
    }

    /// Runs the generator up to its `yield`; the rest runs after the response.
    fn depend_on_generator(
        &mut self,
        def: usize,
        given: Vec<(String, Value)>,
        is_async: bool,
        exits: &mut ScriptPieces,
    ) -> Value {
        let line = self.definitions[def].line;
        let place = if is_async {
            ThreadKind::Loop
        } else {
            ThreadKind::Thread
        };
        let (pieces, handed) = self.follow_body(def, given, place).unwrap_or_default();
        let (mut before, mut after) = split_at_yield(pieces);
        if is_async {
            self.emit_all(before);
            exits.extend(
                after
                    .into_iter()
                    .filter(|piece| does_more_than_print(std::slice::from_ref(piece))),
            );
            return handed;
        }
        let name = self.definitions[def].def.name.to_owned();
        self.for_threads(&mut before);
        self.for_threads(&mut after);
        if !does_more_than_print(&before) {
            before.push(trivial_piece(line));
        }
        self.await_on_pool(&name, before, line);
        if does_more_than_print(&after) {
            let (pieces, ()) =
                self.collect_pieces(|t| t.await_on_pool(&format!("{name}_exit"), after, line));
            exits.extend(pieces);
        }
        handed
    }

    /// Awaits a function on the pool.
    fn await_on_pool(&mut self, name: &str, pieces: ScriptPieces, line: u32) {
        let known = self.tasks.iter().position(|task| {
            !task.is_async && task.name == name && piece::are_alike(&task.pieces, &pieces)
        });
        let made = match known {
            Some(index) => super::TaskId(index),
            None => self.add_task(ScriptTask {
                name: name.to_owned(),
                arguments: Vec::new(),
                is_async: false,
                pieces,
                line,
            }),
        };
        let call = vec![ScriptPiece::new(line, PieceKind::Call(made))];
        self.push_kind(line, PieceKind::Offload(PoolKind::Thread, call));
    }
}

fn is_send(piece: &ScriptPiece) -> bool {
    matches!(piece.kind, PieceKind::Send(..))
}

/// Splits a `def` handler that sends jobs. A script sends jobs from the loop, so the pieces
/// between them are offloaded separately.
fn split_at_sends(pieces: ScriptPieces, line: u32) -> ScriptPieces {
    let mut result = ScriptPieces::new();
    let mut on_thread = ScriptPieces::new();
    for piece in pieces {
        if !is_send(&piece) {
            on_thread.push(piece);
            continue;
        }
        let before = std::mem::take(&mut on_thread);
        if does_more_than_print(&before) || result.is_empty() {
            result.push(hop_of(before, line));
        }
        result.push(piece);
    }
    if does_more_than_print(&on_thread) {
        result.push(hop_of(on_thread, line));
    }
    result
}

fn hop_of(mut pieces: ScriptPieces, line: u32) -> ScriptPiece {
    piece::for_threads(&mut pieces);
    if !does_more_than_print(&pieces) {
        pieces.push(trivial_piece(line));
    }
    ScriptPiece::new(line, PieceKind::Offload(PoolKind::Thread, pieces))
}

fn trivial_piece(line: u32) -> ScriptPiece {
    ScriptPiece::new(line, PieceKind::Cpu(Length::Fixed(TRIVIAL), None))
}
