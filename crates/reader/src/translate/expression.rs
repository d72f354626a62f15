//! The values of expressions.
//!
//! Calls are left to [`super::call`].

use super::super::library;
use super::super::note::NoteKind;
use super::super::piece::{self, PieceKind, ScriptPiece};
use super::super::tree::{Argument, ArgumentName, Binary, ExprKind, PythonExpr, Unary};
use super::super::value::{Value, scaled};
use super::call::Arguments;
use super::{Translator, timed_piece};

impl<'t> Translator<'t> {
    /// The value of an expression that is used without `await`.
    pub(super) fn evaluate_settled(&mut self, expr: &'t PythonExpr<'t>) -> Value {
        let value = self.evaluate_expr(expr);
        self.settle_value(value)
    }

    /// Decides that an unknown call is not awaited. It is taken as free: most unknown calls convert,
    /// build or log. Only a comment with a duration makes it take time.
    pub(super) fn settle_value(&mut self, value: Value) -> Value {
        let Value::Pending { label, line } = value else {
            return value;
        };
        if let Some(piece) = self.stated_piece(line, &label) {
            self.push_piece(piece);
            return Value::Unknown;
        }
        let is_everyday = label
            .rsplit_once('.')
            .is_some_and(|(_, method)| library::is_everyday_method(method));
        if !is_everyday {
            self.free.insert(line, &label);
        }
        Value::Unknown
    }

    /// The segment of a call whose comment states its duration, e.g. `decode(x)  # 1ms`.
    pub(super) fn stated_piece(&mut self, line: u32, label: &str) -> Option<ScriptPiece> {
        let stated = self.stated.length_at(line)?;
        let verb = if stated.is_cpu || library::sounds_like_cpu(label) {
            "cpu"
        } else {
            "block"
        };
        Some(timed_piece(line, label, verb, stated.length))
    }

    pub(super) fn evaluate_expr(&mut self, expr: &'t PythonExpr<'t>) -> Value {
        let followed = self.follow_deeper(expr.line, |t| t.value_of(expr));
        self.limit_value(followed.unwrap_or(Value::Unknown), expr.line)
    }

    fn value_of(&mut self, expr: &'t PythonExpr<'t>) -> Value {
        match &expr.kind {
            ExprKind::Name(name) => self.named_value(name),
            ExprKind::Number(text) => parse_number(text).map_or(Value::Unknown, Value::Number),
            ExprKind::Text(text) => Value::Text(text.clone()),
            ExprKind::Attribute(of, name) => {
                let of = self.evaluate_settled(of);
                self.attribute_value(of, name)
            }
            ExprKind::Subscript(of, index) => self.subscript_value(of, index),
            ExprKind::Call(callee, arguments) => self.translate_call(callee, arguments, expr.line),
            ExprKind::Await(inner) => self.await_value(inner),
            ExprKind::Yield(given) => {
                let given = given.as_deref().map(|given| self.evaluate_settled(given));
                // One value stands for all: a loop over the generator assigns its target once.
                if let Some(given) = given.filter(Value::is_known) {
                    self.current_frame().result = given;
                }
                self.push_kind(expr.line, PieceKind::Handover);
                Value::Unknown
            }
            ExprKind::Unary(Unary::Minus, inner) => match self.evaluate_settled(inner) {
                Value::Number(number) => Value::Number(-number),
                _ => Value::Unknown,
            },
            ExprKind::Binary(parts, signs) => self.binary_value(parts, signs),
            ExprKind::Boolean(parts) => {
                let mut last = Value::Unknown;
                for part in parts {
                    last = self.evaluate_settled(part);
                }
                last
            }
            ExprKind::Conditional { test, body, orelse } => {
                self.evaluate_settled(test);
                let (pieces, value) = self.collect_pieces(|t| t.evaluate_settled(body));
                let (other, second) = self.collect_pieces(|t| t.evaluate_settled(orelse));
                // Takes the branch that takes time, and the first if both do.
                let first = !pieces.is_empty() || other.is_empty();
                if piece::takes_time(&pieces) && piece::takes_time(&other) {
                    self.push_note(expr.line, NoteKind::FirstBranch);
                }
                self.emit_all(if first { pieces } else { other });
                if first { value } else { second }
            }
            ExprKind::Lambda(parameters, body) => {
                let scope = self.current_frame().scope;
                self.lambdas.push((parameters, body, scope));
                Value::Lambda(self.lambdas.len() - 1)
            }
            ExprKind::Named(target, value) => {
                let value = self.evaluate_settled(value);
                self.assign_target(target, value.clone());
                value
            }
            ExprKind::Starred(inner) => self.evaluate_expr(inner),
            ExprKind::Tuple(parts) | ExprKind::List(parts) | ExprKind::Set(parts) => {
                self.sequence_value(parts)
            }
            ExprKind::Dict(items) => self.dictionary_value(items),
            ExprKind::Comprehension(found) => self.translate_comprehension(found, expr.line),
            kind => {
                kind.children(&mut |child| {
                    self.evaluate_settled(child);
                });
                Value::Unknown
            }
        }
    }

    fn named_value(&mut self, name: &str) -> Value {
        if let Some(value) = self.find_name(name).cloned() {
            return self.resolve_import(value);
        }
        match library::known_name(name) {
            Some(path) => Value::Path(path),
            None if is_builtin(name) => Value::Path(format!("builtins.{name}")),
            None => Value::Missing(name.to_owned()),
        }
    }

    pub(super) fn attribute_value(&mut self, of: Value, name: &str) -> Value {
        match of {
            Value::Module(module) => {
                let value = self.name_in_module(module, name);
                self.resolve_import(value)
            }
            Value::Path(path) => Value::Path(format!("{path}.{name}")),
            Value::Missing(path) => Value::Missing(format!("{path}.{name}")),
            Value::Instance(object) => self.object_member(object, name),
            Value::Class(class) => self.class_member(class, name),
            Value::Unknown | Value::Number(_) | Value::Text(_) if name == "result" => {
                Value::Unknown
            }
            of => Value::Bound(Box::new(of), name.to_owned()),
        }
    }

    fn subscript_value(&mut self, of: &'t PythonExpr<'t>, index: &'t PythonExpr<'t>) -> Value {
        let of = self.evaluate_settled(of);
        let index = self.evaluate_settled(index);
        match of {
            Value::Many(items) => match index.count() {
                Some(place) => nth_item(&items, place).unwrap_or(Value::Unknown),
                None => Value::Unknown,
            },
            // `Annotated[Session, Depends(get_session)]`
            Value::Path(path) if path.ends_with("Annotated") => match index {
                Value::Many(items) => annotated(items),
                other => other,
            },
            // A generic alias such as `Queue[int]` stands for the class.
            Value::Path(path) => Value::Path(path),
            _ => Value::Unknown,
        }
    }

    fn sequence_value(&mut self, parts: &'t [PythonExpr<'t>]) -> Value {
        let mut items = Vec::new();
        for part in parts {
            let starred = matches!(part.kind, ExprKind::Starred(_));
            match self.evaluate_expr(part) {
                Value::Many(inner) if starred => items.extend(inner),
                value => items.push((1, value)),
            }
        }
        Value::Many(items)
    }

    /// The items of a dictionary. An entry is its key if the key can be awaited, as in
    /// `{create_task(f()): url}`; otherwise its value.
    fn dictionary_value(
        &mut self,
        entries: &'t [(Option<PythonExpr<'t>>, PythonExpr<'t>)],
    ) -> Value {
        let mut items = Vec::new();
        for (key, value) in entries {
            let key = key.as_ref().map(|key| self.evaluate_expr(key));
            let value = self.evaluate_expr(value);
            match key {
                Some(key @ (Value::Task(_) | Value::Coroutine(_))) => items.push((1, key)),
                _ => items.push((1, value)),
            }
        }
        Value::Many(items)
    }

    fn binary_value(&mut self, parts: &'t [PythonExpr<'t>], signs: &[Binary]) -> Value {
        let mut values = parts.iter();
        let Some(first) = values.next() else {
            return Value::Unknown;
        };
        let mut result = self.evaluate_settled(first);
        for (part, sign) in values.zip(signs) {
            let right = self.evaluate_settled(part);
            result = combine_values(result, *sign, right);
        }
        result
    }

    pub(super) fn await_value(&mut self, inner: &'t PythonExpr<'t>) -> Value {
        let line = inner.line;
        let block_size = |t: &mut Self| t.current_frame().blocks.last().map_or(0, Vec::len);
        let before = block_size(self);
        let value = self.evaluate_expr(inner);
        // The table knows a library by its blocking form; an awaited call is of its async one, e.g.
        // that of a session that the program passes without a type.
        if value == Value::Unknown
            && block_size(self) > before
            && let Some(piece) = self
                .current_frame()
                .blocks
                .last_mut()
                .and_then(|b| b.last_mut())
            && let Some(call) = await_block(piece, inner)
        {
            self.note_awaited(line, &call);
            return Value::Unknown;
        }
        match value {
            Value::Coroutine(made) => {
                self.emit_all(made.pieces);
                made.result
            }
            Value::Pending { label, line } => {
                let piece = self.guessed_piece(line, &label, "await");
                self.push_piece(piece);
                Value::Unknown
            }
            Value::Task(handle) => {
                self.push_kind(line, PieceKind::Wait(handle));
                Value::Unknown
            }
            Value::Unknown | Value::Bound(..) | Value::Missing(_) => {
                // An unknown object is awaited, so it probably waits.
                if !is_quick(inner) {
                    let piece = self.guessed_piece(line, &dotted_path(inner), "await");
                    self.push_piece(piece);
                }
                Value::Unknown
            }
            Value::Shared(shared) => {
                self.note_refused(line, &format!("await {}", self.shared_name(shared)));
                Value::Unknown
            }
            other => other,
        }
    }

    /// Corrects the note about a call that turned out to be awaited.
    fn note_awaited(&mut self, at: u32, wanted: &str) {
        for note in self.notes.iter_mut().rev() {
            if let NoteKind::Assumed { call, verb, .. } = &mut note.kind
                && note.line == at
                && call == wanted
            {
                *verb = "await";
                return;
            }
        }
    }

    pub(super) fn evaluate_arguments(&mut self, arguments: &'t [Argument<'t>]) -> Arguments<'t> {
        let first = arguments.first();
        let mut found = Arguments {
            is_none: first.is_some_and(|argument| matches!(argument.value.kind, ExprKind::None)),
            ..Arguments::default()
        };
        for argument in arguments {
            let starred = matches!(argument.value.kind, ExprKind::Starred(_));
            let value = self.evaluate_expr(&argument.value);
            match (argument.name, value) {
                (ArgumentName::Place, Value::Many(items)) if starred => found.place.extend(items),
                (ArgumentName::Place, _) if starred => found.is_open = true,
                (ArgumentName::Place, value) => found.place.push((1, value)),
                (ArgumentName::Name(name), value) => found.named.push((name, value)),
                (ArgumentName::All, _) => found.is_open = true,
            }
        }
        found
    }

    pub(super) fn not_mapped(&mut self, line: u32, what: &str) {
        let what = what.to_owned();
        self.push_note(line, NoteKind::NotMapped { what });
    }
}

/// Turns the `block` of the awaited call itself into an `await`, and returns its label.
fn await_block(piece: &mut ScriptPiece, awaited: &PythonExpr) -> Option<String> {
    let ExprKind::Call(callee, _) = &awaited.kind else {
        return None;
    };
    let (ExprKind::Attribute(_, called) | ExprKind::Name(called)) = &callee.kind else {
        return None;
    };
    let PieceKind::Block(length, Some(label)) = &piece.kind else {
        return None;
    };
    let (length, label) = (*length, label.clone());
    if label.rsplit('.').next() != Some(*called) {
        return None;
    }
    piece.kind = PieceKind::Await(length, Some(label.clone()));
    Some(label)
}

/// Whether the awaited method returns data that has arrived, e.g. `await response.json()`.
pub(super) fn is_quick(awaited: &PythonExpr) -> bool {
    match &awaited.kind {
        ExprKind::Call(callee, _) => match &callee.kind {
            ExprKind::Attribute(_, name) => library::is_quick_method(name),
            _ => false,
        },
        _ => false,
    }
}

/// The last three names of a chain, e.g. `a.b.c` for `a.b().c[0]`.
pub(super) fn dotted_path(expr: &PythonExpr) -> String {
    let mut names = Vec::new();
    let mut at = expr;
    loop {
        match &at.kind {
            ExprKind::Attribute(of, name) => {
                names.push(*name);
                at = of;
            }
            ExprKind::Call(of, _) | ExprKind::Subscript(of, _) | ExprKind::Await(of) => at = of,
            ExprKind::Name(name) => {
                names.push(name);
                break;
            }
            _ => break,
        }
    }
    names.truncate(3);
    names.reverse();
    names.join(".")
}

/// The dependency among the arguments of `Annotated`, or else the type.
fn annotated(items: Vec<(u64, Value)>) -> Value {
    let mut first: Option<Value> = None;
    for (_, item) in items {
        match item {
            // `Annotated[Service, Depends()]` is a dependency on the class.
            Value::Depends(called, _) if *called == Value::Unknown => {
                let class = Box::new(first.unwrap_or_default());
                return Value::Depends(class.clone(), class);
            }
            Value::Depends(called, _) => {
                return Value::Depends(called, Box::new(first.unwrap_or_default()));
            }
            _ => first.get_or_insert(item),
        };
    }
    first.unwrap_or(Value::Unknown)
}

pub(super) fn nth_item(items: &[(u64, Value)], place: u64) -> Option<Value> {
    let mut before = 0_u64;
    for (count, item) in items {
        before = before.saturating_add(*count);
        if place < before {
            return Some(item.clone());
        }
    }
    None
}

fn combine_values(left: Value, sign: Binary, right: Value) -> Value {
    match (left, sign, right) {
        (Value::Number(a), sign, Value::Number(b)) => arithmetic(a, sign, b),
        (Value::Clock(a), Binary::Add, Value::Number(b)) => Value::Clock(a + b),
        (Value::Clock(_), Binary::Sub, Value::Clock(_)) => Value::Elapsed,
        // The other reading is unknown, but the difference is still a duration.
        (Value::Clock(_) | Value::Elapsed, Binary::Sub, _) => Value::Elapsed,
        (Value::Drawn(length), Binary::Mult, Value::Number(by))
        | (Value::Number(by), Binary::Mult, Value::Drawn(length))
            if by >= 0.0 =>
        {
            Value::Drawn(scaled(length, by))
        }
        (Value::Drawn(length), Binary::Div, Value::Number(by)) if by > 0.0 => {
            Value::Drawn(scaled(length, 1.0 / by))
        }
        (Value::Many(items), Binary::Mult, Value::Number(by))
        | (Value::Number(by), Binary::Mult, Value::Many(items)) => {
            let by = Value::Number(by).count().unwrap_or(0);
            let times = |(count, item): (u64, Value)| (count.saturating_mul(by), item);
            Value::Many(items.into_iter().map(times).collect())
        }
        (Value::Many(mut items), Binary::Add, Value::Many(more)) => {
            items.extend(more);
            Value::Many(items)
        }
        _ => Value::Unknown,
    }
}

fn arithmetic(a: f64, sign: Binary, b: f64) -> Value {
    let result = match sign {
        Binary::Add => a + b,
        Binary::Sub => a - b,
        Binary::Mult => a * b,
        Binary::Div => a / b,
        // Python rounds `//` down and gives `%` the sign of the divisor, unlike Rust.
        Binary::FloorDiv => (a / b).floor(),
        Binary::Mod => a - b * (a / b).floor(),
        Binary::Pow => return power(a, b),
        Binary::LShift => {
            return power(2.0, b)
                .number()
                .map_or(Value::Unknown, |by| Value::Number(a * by));
        }
        _ => return Value::Unknown,
    };
    if result.is_finite() {
        Value::Number(result)
    } else {
        Value::Unknown
    }
}

/// A power by repeated multiplication: the result of `f64::powi` may depend on the platform.
fn power(base: f64, exponent: f64) -> Value {
    let Some(exponent) = Value::Number(exponent)
        .count()
        .filter(|exponent| *exponent <= 64)
    else {
        return Value::Unknown;
    };
    let result = (0..exponent).fold(1.0, |result, _| result * base);
    if result.is_finite() {
        Value::Number(result)
    } else {
        Value::Unknown
    }
}

/// A number such as `1_000`, `0.5`, `0xff`; `None` if it is complex.
pub(super) fn parse_number(text: &str) -> Option<f64> {
    let plain: String = text.chars().filter(|c| *c != '_').collect();
    let based = |digits: &str, base| u64::from_str_radix(digits, base).ok().map(|n| n as f64);
    match plain.get(..2).map(str::to_lowercase).as_deref() {
        Some("0x") => based(&plain[2..], 16),
        Some("0o") => based(&plain[2..], 8),
        Some("0b") => based(&plain[2..], 2),
        _ => plain.parse().ok().filter(|number: &f64| number.is_finite()),
    }
}

fn is_builtin(name: &str) -> bool {
    const BUILTINS: [&str; 62] = [
        "abs",
        "all",
        "any",
        "bool",
        "bytearray",
        "bytes",
        "callable",
        "chr",
        "dict",
        "dir",
        "divmod",
        "enumerate",
        "exit",
        "filter",
        "float",
        "format",
        "frozenset",
        "getattr",
        "globals",
        "hasattr",
        "hash",
        "hex",
        "id",
        "int",
        "isinstance",
        "issubclass",
        "iter",
        "len",
        "list",
        "locals",
        "map",
        "max",
        "min",
        "next",
        "object",
        "oct",
        "ord",
        "pow",
        "print",
        "property",
        "quit",
        "range",
        "repr",
        "reversed",
        "round",
        "set",
        "setattr",
        "slice",
        "sorted",
        "staticmethod",
        "str",
        "sum",
        "super",
        "tuple",
        "type",
        "vars",
        "zip",
        "classmethod",
        "anext",
        "aiter",
        "complex",
        "delattr",
    ];
    BUILTINS.contains(&name)
}
