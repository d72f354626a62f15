//! Web handlers with their dependencies and background tasks, and the tasks of job queues.

use super::super::note::NoteKind;
use super::super::piece::{
    self, PieceKind, PoolKind, ScriptPiece, ScriptPieces, does_more_than_print, split_at_yield,
};
use super::super::tree::StmtKind;
use super::super::value::Value;
use super::call::Arguments;
use super::{Route, RouteReceiver, ScriptTask, ThreadKind, Translator};
use model::time::SimDuration;
use model::workload::Length;

/// The assumed duration of a function on the pool that takes no time otherwise.
const TRIVIAL: SimDuration = SimDuration::from_millis(1);

impl<'t> Translator<'t> {
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
        let mut done = ResolvedDependencies::new();
        let mut exits = ScriptPieces::new();
        let mut dependencies = self.router_dependencies(route.router);
        dependencies.extend(route.dependencies.iter().cloned());
        let (mut before, given) = self.collect_pieces(|t| {
            for dependency in dependencies {
                t.resolve_dependency(dependency, route.line, &mut done, &mut exits);
            }
            let receiver = match route.receiver {
                RouteReceiver::None => None,
                RouteReceiver::Object(object) => Some(Value::Instance(object)),
                RouteReceiver::Class(class) => {
                    Some(t.depend_on_class(class, false, &mut done, &mut exits))
                }
            };
            t.resolve_parameters(route.def, receiver, &mut done, &mut exits)
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

    /// The dependencies of a router and of those that include it.
    fn router_dependencies(&self, router: Option<usize>) -> Vec<Value> {
        let mut found = Vec::new();
        let mut open: Vec<usize> = router.into_iter().collect();
        let mut seen = std::collections::BTreeSet::new();
        while let Some(router) = open.pop() {
            if seen.insert(router)
                && let Some(router) = self.routers.get(router)
            {
                found.extend(router.dependencies.iter().cloned());
                open.extend(&router.parents);
            }
        }
        found
    }

    /// The values of a function's parameters, after its dependencies. `receiver` is the `self` of a
    /// method.
    fn resolve_parameters(
        &mut self,
        def: usize,
        receiver: Option<Value>,
        done: &mut ResolvedDependencies,
        exits: &mut ScriptPieces,
    ) -> Vec<(String, Value)> {
        let definition = self.definitions[def];
        let mut receiver = receiver.filter(|_| definition.is_method);
        let mut given = Vec::new();
        for parameter in &definition.def.parameters {
            if let Some(receiver) = receiver.take() {
                given.push((parameter.name.to_owned(), receiver));
                continue;
            }
            let line = parameter
                .default
                .as_ref()
                .or(parameter.annotation.as_ref())
                .map_or(definition.line, |expr| expr.line);
            let mut default = self.parameter_of(definition, parameter);
            // `service: Service = Depends()` is a dependency on the annotated class.
            if default == Value::Depends(Box::default(), Box::default()) {
                let class = self.annotated_class(definition, parameter);
                default = Value::Depends(Box::new(class), Box::default());
            }
            let value = match default {
                Value::Depends(..) => match self.resolve_dependency(default, line, done, exits) {
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
        line: u32,
        done: &mut ResolvedDependencies,
        exits: &mut ScriptPieces,
    ) -> Value {
        let Value::Depends(called, kind) = dependency else {
            return Value::Unknown;
        };
        match self.call_dependency(*called, line, done, exits) {
            // The type beside it may tell what its function does not.
            Value::Unknown => match *kind {
                Value::Class(class) => Value::Instance(self.bare_object(class)),
                kind @ Value::Path(_) => kind,
                _ => Value::Unknown,
            },
            value => value,
        }
    }

    fn call_dependency(
        &mut self,
        called: Value,
        line: u32,
        done: &mut ResolvedDependencies,
        exits: &mut ScriptPieces,
    ) -> Value {
        let (def, receiver) = match called {
            Value::Def(def) => (def, None),
            Value::Class(class) => {
                return self
                    .follow_deeper(line, |t| t.depend_on_class(class, true, done, exits))
                    .unwrap_or_default();
            }
            // An object with `__call__`, or one of its methods.
            Value::Instance(object) => match self.member_def(object, "__call__") {
                Some(def) => (def, Some(Value::Instance(object))),
                None => return Value::Unknown,
            },
            Value::Bound(of, name) => match *of {
                Value::Instance(object) => match self.member_def(object, &name) {
                    Some(def) => (def, Some(Value::Instance(object))),
                    None => return Value::Unknown,
                },
                _ => return Value::Unknown,
            },
            Value::Path(path) | Value::Missing(path) => {
                let root = path.split('.').next().unwrap_or_default();
                // A library's own dependencies, e.g. those of `fastapi.security`, take no time.
                if super::super::library::known_name(root).is_none() {
                    let name = path.rsplit('.').next().unwrap_or(&path).to_owned();
                    self.elsewhere.insert(line, &name);
                }
                return Value::Unknown;
            }
            _ => return Value::Unknown,
        };
        let key = (def, receiver.clone());
        if let Some((_, value)) = done.iter().find(|(known, _)| *known == key) {
            return value.clone();
        }
        let definition = self.definitions[def];
        let line = definition.line;
        // Before its own dependencies are resolved: this ends a cycle.
        done.push((key.clone(), Value::Unknown));
        let given = self
            .follow_deeper(line, |t| t.resolve_parameters(def, receiver, done, exits))
            .unwrap_or_default();
        let value = match (definition.def.is_async, definition.is_generator) {
            (true, false) => self.depend_on_coroutine(def, given, line),
            (false, false) => self.depend_on_thread(def, given, line),
            (is_async, true) => self.depend_on_generator(def, given, is_async, exits),
        };
        if let Some(entry) = done.iter_mut().find(|(known, _)| *known == key) {
            entry.1 = value.clone();
        }
        value
    }

    fn member_def(&mut self, object: usize, name: &str) -> Option<usize> {
        let class = self.objects[object].class;
        self.method_of(class, name)
    }

    /// An object of a class, with the dependencies of its fields and of `__init__`. As a dependency
    /// of its own (`Depends(Service)`) the class is called on the pool, like any plain function.
    fn depend_on_class(
        &mut self,
        class: usize,
        on_pool: bool,
        done: &mut ResolvedDependencies,
        exits: &mut ScriptPieces,
    ) -> Value {
        let key = (usize::MAX - class, None);
        if let Some((_, value)) = done.iter().find(|(known, _)| *known == key) {
            return value.clone();
        }
        self.objects.push(super::Object {
            class,
            attributes: std::collections::BTreeMap::new(),
        });
        let object = self.objects.len() - 1;
        let value = Value::Instance(object);
        done.push((key, value.clone()));
        let (own, scope) = self.classes[class];
        for stmt in &own.body {
            let StmtKind::Annotated {
                target,
                annotation,
                value: default,
            } = &stmt.kind
            else {
                continue;
            };
            let Some(name) = target.name() else { continue };
            let default = self.value_in_scope(scope, default.as_ref().unwrap_or(annotation));
            let field = match default {
                Value::Depends(..) => {
                    match self.resolve_dependency(default, stmt.line, done, exits) {
                        Value::Unknown => self.object_of_type(scope, annotation),
                        handed => handed,
                    }
                }
                _ => continue,
            };
            self.objects[object].attributes.insert(name, field);
        }
        let Some(init) = self.method_of(class, "__init__") else {
            if on_pool {
                let line = own.body.first().map_or(1, |stmt| stmt.line);
                let trivial = vec![trivial_piece(line)];
                self.push_kind(line, PieceKind::Offload(PoolKind::Thread, trivial));
            }
            return value;
        };
        let line = self.definitions[init].line;
        let given = self.resolve_parameters(init, Some(value.clone()), done, exits);
        if on_pool {
            self.depend_on_thread(init, given, line);
        } else if let Some((made, _)) = self.task_of_call(init, given, ThreadKind::Loop)
            && does_more_than_print(&self.tasks[made.0].pieces)
        {
            self.push_kind(line, PieceKind::Call(made));
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

/// The dependencies that a request has resolved, with their values. A function is known by its
/// definition and its `self`, a class by a number from the upper end.
type ResolvedDependencies = Vec<((usize, Option<Value>), Value)>;

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
