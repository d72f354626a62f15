//! The syntax tree as text, for a comparison with CPython's parser.
//!
//! `tests/python/outline.py` writes the same text from CPython's `ast`. The values of strings
//! and numbers are left out, and so are lines inside f-strings, which CPython before 3.12
//! counts wrongly.

use std::fmt::Write;

use super::parser;
use super::tree::*;

/// One line per statement, and one per problem, e.g. `1(Assign[ a] int)`.
pub fn outline(text: &str) -> String {
    let (body, problems) = parser::parse(text);
    let mut outline = Outline::default();
    for stmt in &body {
        outline.stmt(stmt);
        outline.text.push('\n');
    }
    for problem in problems {
        let _ = writeln!(outline.text, "?@{} {}", problem.line, problem.found);
    }
    outline.text
}

#[derive(Default)]
struct Outline {
    text: String,
    in_format: bool,
}

impl Outline {
    fn open(&mut self, word: &str) {
        self.text.push('(');
        self.text.push_str(word);
    }

    fn close(&mut self) {
        self.text.push(')');
    }

    fn word(&mut self, word: &str) {
        self.text.push(' ');
        self.text.push_str(word);
    }

    fn body(&mut self, body: &[Stmt]) {
        self.text.push('{');
        for stmt in body {
            self.stmt(stmt);
        }
        self.text.push('}');
    }

    fn exprs<'e, 'a: 'e>(&mut self, exprs: impl IntoIterator<Item = &'e Expr<'a>>) {
        self.text.push('[');
        for expr in exprs {
            self.expr(expr);
        }
        self.text.push(']');
    }

    fn optional(&mut self, expr: Option<&Expr>) {
        match expr {
            Some(expr) => self.expr(expr),
            None => self.text.push('-'),
        }
    }

    fn stmt(&mut self, stmt: &Stmt) {
        let _ = write!(self.text, "\n{}", stmt.line);
        match &stmt.kind {
            StmtKind::Def(def) => {
                self.open(if def.is_async { "AsyncDef" } else { "Def" });
                self.word(def.name);
                self.parameters(&def.parameters);
                self.exprs(&def.decorators);
                self.body(&def.body);
            }
            StmtKind::Class(class) => {
                self.open("Class");
                self.word(class.name);
                self.arguments(&class.arguments);
                self.exprs(&class.decorators);
                self.body(&class.body);
            }
            StmtKind::Return(value) => {
                self.open("Return");
                self.optional(value.as_ref());
            }
            StmtKind::Delete(targets) => {
                self.open("Delete");
                self.exprs(targets);
            }
            StmtKind::Assign { targets, value } => {
                self.open("Assign");
                self.exprs(targets);
                self.expr(value);
            }
            StmtKind::Update { target, value } => {
                self.open("Update");
                self.expr(target);
                self.expr(value);
            }
            StmtKind::Annotated {
                target,
                annotation,
                value,
            } => {
                self.open("Annotated");
                self.expr(target);
                self.expr(annotation);
                self.optional(value.as_ref());
            }
            StmtKind::For(found) => {
                self.open(if found.is_async { "AsyncFor" } else { "For" });
                self.expr(&found.target);
                self.expr(&found.iterated);
                self.body(&found.body);
                self.body(&found.orelse);
            }
            StmtKind::While { test, body, orelse } => {
                self.open("While");
                self.expr(test);
                self.body(body);
                self.body(orelse);
            }
            StmtKind::If { arms, orelse } => {
                // In `ast` an `elif` is an `if` alone in the `else`, so the arms nest here.
                for (number, arm) in arms.iter().enumerate() {
                    if number > 0 {
                        let _ = write!(self.text, "{{\n{}", arm.line);
                    }
                    self.open("If");
                    self.expr(&arm.test);
                    self.body(&arm.body);
                }
                self.body(orelse);
                for _ in 1..arms.len() {
                    self.close();
                    self.text.push('}');
                }
            }
            StmtKind::With {
                is_async,
                items,
                body,
            } => {
                self.open(if *is_async { "AsyncWith" } else { "With" });
                for (context, target) in items {
                    self.expr(context);
                    self.optional(target.as_ref());
                }
                self.body(body);
            }
            StmtKind::Match { subject, cases } => {
                self.open("Match");
                self.expr(subject);
                for case in cases {
                    self.optional(case.guard.as_ref());
                    self.body(&case.body);
                }
            }
            StmtKind::Raise(raised, cause) => {
                self.open("Raise");
                self.optional(raised.as_ref());
                self.optional(cause.as_ref());
            }
            StmtKind::Try(found) => {
                self.open("Try");
                self.body(&found.body);
                for handler in &found.handlers {
                    self.optional(handler.kind.as_ref());
                    self.body(&handler.body);
                }
                self.body(&found.orelse);
                self.body(&found.finally);
            }
            StmtKind::Assert(test, message) => {
                self.open("Assert");
                self.expr(test);
                self.optional(message.as_ref());
            }
            StmtKind::Import(names) => {
                self.open("Import");
                self.aliases(names);
            }
            StmtKind::ImportFrom { module, names } => {
                self.open("ImportFrom");
                self.word(module);
                self.aliases(names);
            }
            StmtKind::Scope(names) => {
                self.open("Scope");
                names.iter().for_each(|name| self.word(name));
            }
            StmtKind::TypeAlias => self.open("TypeAlias"),
            StmtKind::Expr(expr) => {
                self.open("Expr");
                self.expr(expr);
            }
            StmtKind::Pass => self.open("Pass"),
            StmtKind::Break => self.open("Break"),
            StmtKind::Continue => self.open("Continue"),
        }
        self.close();
    }

    fn aliases(&mut self, names: &[Alias]) {
        for alias in names {
            self.word(&alias.path);
            if let Some(name) = alias.name {
                self.word("as");
                self.word(name);
            }
        }
    }

    fn parameters(&mut self, parameters: &[Parameter]) {
        self.text.push('<');
        for parameter in parameters {
            let sign = match parameter.kind {
                ParameterKind::Positional => "",
                ParameterKind::Keyword => "=",
                ParameterKind::Rest => "*",
                ParameterKind::Keywords => "**",
            };
            self.word(sign);
            self.text.push_str(parameter.name);
            self.optional(parameter.annotation.as_ref());
            self.optional(parameter.default.as_ref());
        }
        self.text.push('>');
    }

    /// Positional arguments come first, as in `ast`.
    fn arguments(&mut self, arguments: &[Argument]) {
        let by_place = |argument: &&Argument| argument.name == ArgumentName::Place;
        for argument in arguments.iter().filter(by_place) {
            self.expr(&argument.value);
        }
        for argument in arguments {
            match argument.name {
                ArgumentName::Place => continue,
                ArgumentName::Name(name) => self.word(name),
                ArgumentName::All => self.word("**"),
            }
            self.expr(&argument.value);
        }
    }

    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Name(name) => self.word(name),
            ExprKind::Number(text) => self.word(number_kind(text)),
            ExprKind::Text(_) => self.word("'str'"),
            ExprKind::Bytes => self.word("'bytes'"),
            ExprKind::True => self.word("True"),
            ExprKind::False => self.word("False"),
            ExprKind::None => self.word("None"),
            ExprKind::Ellipsis => self.word("..."),
            ExprKind::Format(parts) => {
                // Fields of a nested f-string are inside the outer one, so the flag is restored.
                let around = std::mem::replace(&mut self.in_format, true);
                self.open("Format");
                self.exprs(parts);
                self.close();
                self.in_format = around;
            }
            kind => {
                self.inner(expr.line, kind);
                self.close();
            }
        }
    }

    fn inner(&mut self, line: u32, kind: &ExprKind) {
        match kind {
            ExprKind::Attribute(of, name) => {
                self.open("Attribute");
                self.expr(of);
                self.word(name);
            }
            ExprKind::Subscript(of, index) => {
                self.open("Subscript");
                self.expr(of);
                self.expr(index);
            }
            ExprKind::Slice(parts) => {
                self.open("Slice");
                // `ast.Slice` always has three fields: lower, upper and step.
                for place in 0..3 {
                    self.optional(parts.get(place).and_then(Option::as_ref));
                }
            }
            ExprKind::Call(callee, arguments) => {
                self.open("Call");
                if !self.in_format {
                    let _ = write!(self.text, "@{line}");
                }
                self.expr(callee);
                self.arguments(arguments);
            }
            ExprKind::Await(inner) => {
                self.open("Await");
                self.expr(inner);
            }
            ExprKind::Yield(inner) => {
                self.open("Yield");
                self.optional(inner.as_deref());
            }
            ExprKind::YieldFrom(inner) => {
                self.open("YieldFrom");
                self.expr(inner);
            }
            ExprKind::Unary(sign, inner) => {
                self.open(&format!("{sign:?}"));
                self.expr(inner);
            }
            ExprKind::Binary(parts, signs) => self.binary(parts, signs),
            ExprKind::Boolean(parts) => {
                self.open("Boolean");
                self.exprs(parts);
            }
            ExprKind::Compare(parts, signs) => {
                self.open("Compare");
                signs
                    .iter()
                    .for_each(|sign| self.word(&format!("{sign:?}")));
                self.exprs(parts);
            }
            ExprKind::Conditional { test, body, orelse } => {
                self.open("Conditional");
                self.expr(test);
                self.expr(body);
                self.expr(orelse);
            }
            ExprKind::Lambda(parameters, body) => {
                self.open("Lambda");
                self.parameters(parameters);
                self.expr(body);
            }
            ExprKind::Named(target, value) => {
                self.open("Named");
                self.expr(target);
                self.expr(value);
            }
            ExprKind::Starred(inner) => {
                self.open("Starred");
                self.expr(inner);
            }
            ExprKind::Tuple(parts) => {
                self.open("Tuple");
                self.exprs(parts);
            }
            ExprKind::List(parts) => {
                self.open("List");
                self.exprs(parts);
            }
            ExprKind::Set(parts) => {
                self.open("Set");
                self.exprs(parts);
            }
            ExprKind::Dict(items) => {
                self.open("Dict");
                for (key, value) in items {
                    self.optional(key.as_ref());
                    self.expr(value);
                }
            }
            ExprKind::Comprehension(found) => {
                self.open(&format!("{:?}", found.kind));
                self.exprs(&found.elements);
                for clause in &found.clauses {
                    self.open(if clause.is_async { "async" } else { "for" });
                    self.expr(&clause.target);
                    self.expr(&clause.iterated);
                    self.exprs(&clause.conditions);
                    self.close();
                }
            }
            // `expr` writes the remaining kinds; they have no bracket.
            _ => self.open("?"),
        }
    }

    /// `a + b - c` as the nested nodes of `ast`; the caller closes the last one.
    fn binary(&mut self, parts: &[Expr], signs: &[Binary]) {
        for sign in signs.iter().rev() {
            self.open(&format!("{sign:?}"));
        }
        let mut parts = parts.iter();
        if let Some(first) = parts.next() {
            self.expr(first);
        }
        for (place, part) in parts.enumerate() {
            if place > 0 {
                self.close();
            }
            self.expr(part);
        }
    }
}

fn number_kind(text: &str) -> &'static str {
    let based = text.starts_with("0x") || text.starts_with("0X");
    match text {
        _ if text.ends_with(['j', 'J']) => "complex",
        _ if !based && text.contains(['.', 'e', 'E']) => "float",
        _ => "int",
    }
}
