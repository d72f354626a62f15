//! The handlers of a program: decorators, calls such as `add_api_route`, class-based views, and
//! functions that make routers.
//!
//! The tasks of handlers are left to [`super::web`].

use super::super::note::NoteKind;
use super::super::tree::{
    Argument, ArgumentName, Def, ExprKind, PythonClass, PythonExpr, Stmt, StmtKind,
};
use super::super::value::Value;
use super::call::Arguments;
use super::expression::dotted_path;
use super::{Route, RouteReceiver, Router, ThreadKind, Translator};

/// Decorators that define a handler, of FastAPI, Starlette, Flask and aiohttp.
const METHODS: [&str; 13] = [
    "get",
    "post",
    "put",
    "patch",
    "delete",
    "head",
    "options",
    "trace",
    "api_route",
    "route",
    "websocket",
    "websocket_route",
    "page",
];
/// Methods of an application that add a handler by a call.
const ADDING: [&str; 13] = [
    "add_api_route",
    "add_api_websocket_route",
    "add_route",
    "add_websocket_route",
    "add_url_rule",
    "add_view",
    "add_get",
    "add_post",
    "add_put",
    "add_patch",
    "add_delete",
    "add_head",
    "add_options",
];
/// Bases of classes whose methods `get`, `post` and so on are handlers.
const VIEWS: [&str; 7] = [
    "HTTPEndpoint",
    "View",
    "MethodView",
    "APIView",
    "Resource",
    "RequestHandler",
    "WebSocketEndpoint",
];
/// Methods of such classes.
const VIEW_METHODS: [&str; 9] = [
    "get",
    "post",
    "put",
    "patch",
    "delete",
    "head",
    "options",
    "on_receive",
    "on_connect",
];

impl<'t> Translator<'t> {
    /// Evaluates the decorators of a function, e.g. `@app.get("/")`.
    pub(super) fn evaluate_decorators(
        &mut self,
        def: usize,
        receiver: RouteReceiver,
        line: u32,
    ) -> Value {
        let definition = self.definitions[def];
        for decorator in &definition.def.decorators {
            let (callee, arguments) = parts_of(decorator);
            let (of, name) = match &callee.kind {
                ExprKind::Attribute(of, name) => (Some(&**of), *name),
                ExprKind::Name(name) => (None, *name),
                _ => continue,
            };
            if let Some(of) = of.filter(|_| is_route(decorator)) {
                let router = match self.evaluate_expr(of) {
                    Value::Router(router) => Some(router),
                    _ => None,
                };
                let given = self.evaluate_arguments(arguments);
                self.add_route(def, receiver.clone(), router, &given, line);
            } else {
                self.note_decorator(def, name, line);
            }
        }
        Value::Def(def)
    }

    fn note_decorator(&mut self, def: usize, name: &str, line: u32) {
        match name {
            "task" | "shared_task" | "actor" => self.definitions[def].is_job = true,
            "middleware" => self.not_mapped(line, name),
            "on_event" | "repeat_every" => self.push_note(line, NoteKind::StartUp),
            // The script has one try.
            "retry" | "on_exception" | "on_predicate" | "retry_async" => {
                self.not_mapped(line, &format!("@{name}"));
            }
            _ => {}
        }
    }

    fn add_route(
        &mut self,
        def: usize,
        receiver: RouteReceiver,
        router: Option<usize>,
        given: &Arguments<'t>,
        line: u32,
    ) {
        let dependencies = dependencies_of(given);
        // A handler with several paths or methods is one handler, and so is one that a factory
        // defines again at each call.
        let own = self.definitions[def].def;
        let is_known = self.routes.iter().any(|route| {
            std::ptr::eq(self.definitions[route.def].def, own) && route.receiver == receiver
        });
        if !is_known {
            self.routes.push(Route {
                def,
                line,
                dependencies,
                router,
                receiver,
            });
        }
    }

    /// The handlers among the methods of a class. Their `self` is made for each request.
    pub(super) fn find_class_routes(&mut self, class: usize) {
        let (own, scope) = self.classes[class];
        let is_view = own.arguments.iter().any(|argument| {
            let path = dotted_path(&argument.value);
            VIEWS.contains(&path.rsplit('.').next().unwrap_or_default())
        });
        for stmt in &own.body {
            let StmtKind::Def(def) = &stmt.kind else {
                continue;
            };
            let is_route = def.decorators.iter().any(is_route);
            let is_handler = is_view && VIEW_METHODS.contains(&def.name);
            if !is_route && !is_handler {
                continue;
            }
            let made = self.method_definition(def, stmt.line, scope);
            let receiver = RouteReceiver::Class(class);
            if is_route {
                self.evaluate_decorators(made, receiver, stmt.line);
            } else {
                self.add_route(made, receiver, None, &Arguments::default(), stmt.line);
            }
        }
    }

    pub(super) fn make_router(&mut self, given: &Arguments<'t>, line: u32) -> Value {
        if let Some(Value::Def(def)) = given.named_argument("lifespan") {
            let body = &self.definitions[*def].def.body;
            if body.iter().any(super::function::mentions_time) {
                let line = self.definitions[*def].line;
                self.push_note(line, NoteKind::StartUp);
            }
        }
        if let Some(Value::Many(items)) = given.named_argument("routes").cloned() {
            for (_, item) in items {
                self.settle_value(item);
            }
        }
        let _ = line;
        self.routers.push(Router {
            dependencies: dependencies_of(given),
            parents: Vec::new(),
        });
        Value::Router(self.routers.len() - 1)
    }

    /// A method of an application or a router.
    pub(super) fn router_method(
        &mut self,
        router: usize,
        name: &str,
        given: Arguments<'t>,
        line: u32,
    ) -> Value {
        match name {
            "include_router" | "mount" => {
                if let Value::Router(child) = given.argument_at(0, "router")
                    && child != router
                    && let Some(included) = self.routers.get_mut(child)
                {
                    included.parents.push(router);
                    included.dependencies.extend(dependencies_of(&given));
                }
            }
            "add_middleware" => {
                // Those of Starlette take no noticeable time.
                let is_quick =
                    |path: &String| path.starts_with("fastapi") || path.starts_with("starlette");
                if !matches!(given.argument_at(0, "middleware_class"), Value::Path(path) if is_quick(&path))
                {
                    self.not_mapped(line, name);
                }
            }
            "add_event_handler" => self.push_note(line, NoteKind::StartUp),
            _ => {
                self.add_called_route(name, Some(router), &given, line);
            }
        }
        self.settle_all(given);
        Value::Unknown
    }

    /// Adds the handler of a call such as `app.add_api_route("/", f)` or `web.get("/", f)`.
    pub(super) fn add_called_route(
        &mut self,
        path: &str,
        router: Option<usize>,
        given: &Arguments<'t>,
        line: u32,
    ) {
        let (before, last) = path.rsplit_once('.').unwrap_or(("", path));
        let adds = ADDING.contains(&last)
            || (before == "aiohttp.web" && METHODS.contains(&last))
            || matches!(
                last,
                "Route" | "WebSocketRoute" | "APIRoute" | "APIWebSocketRoute"
            );
        if !adds {
            return;
        }
        let named = given
            .named
            .iter()
            .filter(|(name, _)| ["endpoint", "handler", "view_func", "route"].contains(name));
        let named = named.map(|(_, value)| value);
        let placed = given.place.iter().skip(1).map(|(_, value)| value);
        let values: Vec<Value> = named.chain(placed).cloned().collect();
        for value in values {
            match value {
                Value::Def(def) => {
                    return self.add_route(def, RouteReceiver::None, router, given, line);
                }
                Value::Bound(of, name) => {
                    let Value::Instance(object) = *of else {
                        continue;
                    };
                    let class = self.objects[object].class;
                    if let Some(def) = self.method_of(class, &name) {
                        let receiver = RouteReceiver::Object(object);
                        return self.add_route(def, receiver, router, given, line);
                    }
                }
                _ => {}
            }
        }
    }

    /// Follows the functions that define handlers and that nothing called, e.g. the `create_router`
    /// of a package whose users call it.
    pub(super) fn follow_factories(&mut self) {
        let mut index = 0;
        let mut classes = 0;
        loop {
            while let Some((class, scope)) = self.classes.get(classes).copied() {
                classes += 1;
                for (def, line) in defining_methods(class) {
                    self.method_definition(def, line, scope);
                }
            }
            let Some(definition) = self.definitions.get(index).copied() else {
                return;
            };
            index += 1;
            if !self.is_entered(definition.def) && defines_handlers(&definition.def.body) {
                self.follow_factory(index - 1);
            }
            if self.fuel == 0 {
                return;
            }
        }
    }

    fn is_entered(&self, def: &Def<'t>) -> bool {
        let mut entered = self.entered.iter();
        entered.any(|index| std::ptr::eq(self.definitions[*index].def, def))
    }

    fn follow_factory(&mut self, def: usize) {
        let definition = self.definitions[def];
        if definition.is_generator {
            return;
        }
        let receiver = self
            .classes
            .iter()
            .position(|(class, _)| {
                class.body.iter().any(|stmt| {
                    matches!(&stmt.kind, StmtKind::Def(own) if std::ptr::eq(&**own, definition.def))
                })
            })
            .map(|class| Value::Instance(self.bare_object(class)));
        let mut own = receiver.filter(|_| definition.is_method);
        let given = definition.def.parameters.iter();
        let given = given
            .map(|parameter| {
                let value = match own.take() {
                    Some(own) => own,
                    None => self.parameter_of(definition, parameter),
                };
                (parameter.name.to_owned(), value)
            })
            .collect();
        let place = if definition.def.is_async {
            ThreadKind::Loop
        } else {
            ThreadKind::Main
        };
        let free = self.free.order.len();
        self.follow_body(def, given, place);
        // The factory itself does not run in the script.
        self.free.truncate(free);
    }
}

fn dependencies_of(given: &Arguments) -> Vec<Value> {
    match given.named_argument("dependencies") {
        Some(Value::Many(items)) => items.iter().map(|(_, item)| item.clone()).collect(),
        _ => Vec::new(),
    }
}

/// The called expression of a decorator, and its arguments.
fn parts_of<'e, 't>(decorator: &'e PythonExpr<'t>) -> (&'e PythonExpr<'t>, &'e [Argument<'t>]) {
    match &decorator.kind {
        ExprKind::Call(callee, arguments) => (&**callee, arguments.as_slice()),
        _ => (decorator, &[]),
    }
}

/// Whether a decorator defines a handler, e.g. `@app.get("/x")`.
fn is_route(decorator: &PythonExpr) -> bool {
    let (callee, arguments) = parts_of(decorator);
    let ExprKind::Attribute(of, name) = &callee.kind else {
        return false;
    };
    if !METHODS.contains(name) {
        return false;
    }
    let place = arguments
        .iter()
        .find(|argument| argument.name == ArgumentName::Place);
    let has_path = match place.map(|argument| &argument.value.kind) {
        // The path tells `@app.get("/x")` from other decorators with these names.
        Some(ExprKind::Text(text)) => text.is_empty() || text.starts_with('/'),
        _ => false,
    };
    let named = |name| {
        let wanted = ArgumentName::Name(name);
        arguments.iter().any(|argument| argument.name == wanted)
    };
    // `@mock.patch(TARGET)` has no path; `@router.get(PREFIX + "/x")` is one by its router.
    has_path || named("path") || (place.is_some() && is_named_like_router(of))
}

fn is_named_like_router(of: &PythonExpr) -> bool {
    let path = dotted_path(of).to_lowercase();
    let last = path.rsplit('.').next().unwrap_or_default();
    [
        "app",
        "api",
        "router",
        "routes",
        "blueprint",
        "bp",
        "server",
        "application",
    ]
    .iter()
    .any(|word| last == *word || last.ends_with(&format!("_{word}")) || last.ends_with("router"))
}

/// Whether the statements define handlers, e.g. by `@router.get("/")` above a function in them.
fn defines_handlers(body: &[Stmt]) -> bool {
    body.iter().any(|stmt| match &stmt.kind {
        StmtKind::Def(def) => def.decorators.iter().any(is_route),
        StmtKind::If { arms, orelse } => {
            arms.iter().any(|arm| defines_handlers(&arm.body)) || defines_handlers(orelse)
        }
        StmtKind::With { body, .. } | StmtKind::While { body, .. } => defines_handlers(body),
        StmtKind::For(found) => defines_handlers(&found.body),
        StmtKind::Try(found) => defines_handlers(&found.body) || defines_handlers(&found.orelse),
        StmtKind::Class(class) => class.body.iter().any(
            |stmt| matches!(&stmt.kind, StmtKind::Def(def) if def.decorators.iter().any(is_route)),
        ),
        StmtKind::Expr(expr) => match &expr.kind {
            ExprKind::Call(callee, _) => match &callee.kind {
                ExprKind::Attribute(_, name) => ADDING.contains(name),
                _ => false,
            },
            _ => false,
        },
        _ => false,
    })
}

/// The methods of a class that define handlers, e.g. in `__init__`.
fn defining_methods<'t>(class: &'t PythonClass<'t>) -> Vec<(&'t Def<'t>, u32)> {
    let methods = class.body.iter().filter_map(|stmt| match &stmt.kind {
        StmtKind::Def(def) if defines_handlers(&def.body) => Some((&**def, stmt.line)),
        _ => None,
    });
    methods.collect()
}
