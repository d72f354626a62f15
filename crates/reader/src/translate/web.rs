//! Web handlers with their dependencies and background tasks, and the tasks of job queues.

use super::super::note::NoteKind;
use super::super::piece::{self, Piece, PieceKind, Pieces, Pool, matters, split};
use super::super::tree::ExprKind;
use super::super::value::Value;
use super::call::Arguments;
use super::{Place, Route, Task, Translator};
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
    pub(super) fn decorated(&mut self, def: usize, line: u32) -> Value {
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
                let given = self.arguments(arguments);
                let dependencies = match given.named("dependencies") {
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
                self.note(
                    line,
                    NoteKind::NotMapped {
                        what: name.to_owned(),
                    },
                );
            } else if name == "on_event" {
                self.note(line, NoteKind::StartUp);
            }
        }
        Value::Def(def)
    }

    /// `background_tasks.add_task(f, x)`
    pub(super) fn afterwards(&mut self, called: Value, arguments: Arguments<'t>, line: u32) {
        let is_async = match &called {
            Value::Def(def) => self.definitions[*def].def.is_async,
            _ => false,
        };
        let piece = if is_async {
            match self.called(called, arguments, line) {
                Value::Coroutine(made) => made.pieces,
                _ => Pieces::new(),
            }
        } else {
            // Starlette runs a `def` function on the thread pool.
            let pieces = self.work(called, arguments, line);
            vec![Piece::new(line, PieceKind::Offload(Pool::Thread, pieces))]
        };
        self.frame().after.extend(piece);
    }

    /// The tasks of the handlers, with their dependencies first.
    pub(super) fn handlers(&mut self) -> Vec<(super::Made, u32)> {
        let routes = std::mem::take(&mut self.routes);
        let mut made = Vec::new();
        for route in routes {
            made.extend(self.handler(&route).map(|task| (task, route.line)));
        }
        made
    }

    fn handler(&mut self, route: &Route) -> Option<super::Made> {
        let definition = self.definitions[route.def];
        let mut done = Vec::new();
        let mut exits = Pieces::new();
        let (mut before, given) = self.aside(|t| {
            for dependency in &route.dependencies {
                t.depend(dependency.clone(), &mut done, &mut exits);
            }
            t.given(route.def, &mut done, &mut exits)
        });
        let place = if definition.def.is_async {
            Place::Loop
        } else {
            Place::Thread
        };
        let (mut pieces, _) = self.follow(route.def, given, place)?;
        let mut after = Pieces::new();
        // Pieces after the response stay after the offload of the handler's body.
        if let Some(at) = pieces
            .iter()
            .position(|piece| piece.kind == PieceKind::Respond)
        {
            after = pieces.split_off(at);
        }
        // FastAPI runs the code after the `yield` of a dependency after the response.
        if !exits.is_empty() && after.is_empty() {
            after.push(Piece::new(route.line, PieceKind::Respond));
        }
        after.extend(exits);
        if !definition.def.is_async {
            pieces = self.inlined(pieces);
        }
        let sends = pieces.iter().any(is_send);
        // A script runs a `def` handler on the pool by itself. With more parts than its body, it
        // becomes an `async def` that offloads the body.
        let is_plain = before.is_empty() && after.is_empty() && !sends && !definition.def.is_async;
        if sends && !definition.def.is_async {
            pieces = apart(pieces, route.line);
        } else if !definition.def.is_async {
            for line in self.for_threads(&mut pieces) {
                self.note(line, NoteKind::NotInThread);
            }
        }
        let body = if is_plain || definition.def.is_async || sends {
            pieces
        } else {
            if !matters(&pieces) {
                pieces.push(trivial(route.line));
            }
            vec![Piece::new(
                route.line,
                PieceKind::Offload(Pool::Thread, pieces),
            )]
        };
        before.extend(body);
        before.extend(after);
        Some(self.task(Task {
            name: definition.def.name.to_owned(),
            arguments: Vec::new(),
            is_async: !is_plain,
            pieces: before,
            line: definition.line,
        }))
    }

    /// The values of a function's parameters, after its dependencies.
    fn given(
        &mut self,
        def: usize,
        done: &mut Vec<(usize, Value)>,
        exits: &mut Pieces,
    ) -> Vec<(String, Value)> {
        let definition = self.definitions[def];
        let mut given = Vec::new();
        for parameter in &definition.def.parameters {
            let default = self.parameter_of(definition, parameter);
            let value = match default {
                Value::Depends(_) => match self.depend(default, done, exits) {
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
    fn depend(
        &mut self,
        dependency: Value,
        done: &mut Vec<(usize, Value)>,
        exits: &mut Pieces,
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
            .deeper(line, |t| t.given(def, done, exits))
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
        let Some((made, result)) = self.followed(def, given, Place::Loop) else {
            return Value::Unknown;
        };
        if matters(&self.tasks[made.0].pieces) {
            self.put(line, PieceKind::Call(made));
        }
        result
    }

    fn depend_on_thread(&mut self, def: usize, given: Vec<(String, Value)>, line: u32) -> Value {
        let Some((made, result)) = self.followed(def, given, Place::Thread) else {
            return Value::Unknown;
        };
        if !matters(&self.tasks[made.0].pieces) {
            self.tasks[made.0].pieces = vec![trivial(line)];
        }
        let call = vec![Piece::new(line, PieceKind::Call(made))];
        self.put(line, PieceKind::Offload(Pool::Thread, call));
        result
    }

    /// Runs the generator up to its `yield`; the rest runs after the response.
    fn depend_on_generator(
        &mut self,
        def: usize,
        given: Vec<(String, Value)>,
        is_async: bool,
        exits: &mut Pieces,
    ) -> Value {
        let line = self.definitions[def].line;
        let place = if is_async { Place::Loop } else { Place::Thread };
        let (pieces, handed) = self.follow(def, given, place).unwrap_or_default();
        let (mut before, mut after) = split(pieces);
        if is_async {
            self.emit_all(before);
            exits.extend(
                after
                    .into_iter()
                    .filter(|piece| matters(std::slice::from_ref(piece))),
            );
            return handed;
        }
        let name = self.definitions[def].def.name.to_owned();
        self.for_threads(&mut before);
        self.for_threads(&mut after);
        if !matters(&before) {
            before.push(trivial(line));
        }
        self.hop(&name, before, line);
        if matters(&after) {
            let (pieces, ()) = self.aside(|t| t.hop(&format!("{name}_exit"), after, line));
            exits.extend(pieces);
        }
        handed
    }

    /// Awaits a function on the pool.
    fn hop(&mut self, name: &str, pieces: Pieces, line: u32) {
        let known = self.tasks.iter().position(|task| {
            !task.is_async && task.name == name && piece::alike(&task.pieces, &pieces)
        });
        let made = match known {
            Some(index) => super::Made(index),
            None => self.task(Task {
                name: name.to_owned(),
                arguments: Vec::new(),
                is_async: false,
                pieces,
                line,
            }),
        };
        let call = vec![Piece::new(line, PieceKind::Call(made))];
        self.put(line, PieceKind::Offload(Pool::Thread, call));
    }
}

fn is_send(piece: &Piece) -> bool {
    matches!(piece.kind, PieceKind::Send(..))
}

/// Splits a `def` handler that sends jobs. A script sends jobs from the loop, so the pieces
/// between them are offloaded separately.
fn apart(pieces: Pieces, line: u32) -> Pieces {
    let mut result = Pieces::new();
    let mut on_thread = Pieces::new();
    for piece in pieces {
        if !is_send(&piece) {
            on_thread.push(piece);
            continue;
        }
        let before = std::mem::take(&mut on_thread);
        if matters(&before) || result.is_empty() {
            result.push(hop_of(before, line));
        }
        result.push(piece);
    }
    if matters(&on_thread) {
        result.push(hop_of(on_thread, line));
    }
    result
}

fn hop_of(mut pieces: Pieces, line: u32) -> Piece {
    piece::for_threads(&mut pieces);
    if !matters(&pieces) {
        pieces.push(trivial(line));
    }
    Piece::new(line, PieceKind::Offload(Pool::Thread, pieces))
}

fn trivial(line: u32) -> Piece {
    Piece::new(line, PieceKind::Cpu(Length::Fixed(TRIVIAL), None))
}
