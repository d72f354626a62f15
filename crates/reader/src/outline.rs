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
    let (body, problems) = parser::parse(text, 1);
    let mut outline = Outline::default();
    for stmt in &body {
        outline.outline_statement(stmt);
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
    fn open_node(&mut self, word: &str) {
        self.text.push('(');
        self.text.push_str(word);
    }

    fn close_node(&mut self) {
        self.text.push(')');
    }

    fn push_word(&mut self, word: &str) {
        self.text.push(' ');
        self.text.push_str(word);
    }

    fn outline_body(&mut self, body: &[Stmt]) {
        self.text.push('{');
        for stmt in body {
            self.outline_statement(stmt);
        }
        self.text.push('}');
    }

    fn outline_exprs<'e, 'a: 'e>(&mut self, exprs: impl IntoIterator<Item = &'e PythonExpr<'a>>) {
        self.text.push('[');
        for expr in exprs {
            self.outline_expr(expr);
        }
        self.text.push(']');
    }

    fn outline_optional(&mut self, expr: Option<&PythonExpr>) {
        match expr {
            Some(expr) => self.outline_expr(expr),
            None => self.text.push('-'),
        }
    }

    fn outline_statement(&mut self, stmt: &Stmt) {
        let _ = write!(self.text, "\n{}", stmt.line);
        match &stmt.kind {
            StmtKind::Def(def) => {
                self.open_node(if def.is_async { "AsyncDef" } else { "Def" });
                self.push_word(def.name);
                self.outline_parameters(&def.parameters);
                self.outline_exprs(&def.decorators);
                self.outline_body(&def.body);
            }
            StmtKind::Class(class) => {
                self.open_node("Class");
                self.push_word(class.name);
                self.outline_arguments(&class.arguments);
                self.outline_exprs(&class.decorators);
                self.outline_body(&class.body);
            }
            StmtKind::Return(value) => {
                self.open_node("Return");
                self.outline_optional(value.as_ref());
            }
            StmtKind::Delete(targets) => {
                self.open_node("Delete");
                self.outline_exprs(targets);
            }
            StmtKind::Assign { targets, value } => {
                self.open_node("Assign");
                self.outline_exprs(targets);
                self.outline_expr(value);
            }
            StmtKind::Update { target, value } => {
                self.open_node("Update");
                self.outline_expr(target);
                self.outline_expr(value);
            }
            StmtKind::Annotated {
                target,
                annotation,
                value,
            } => {
                self.open_node("Annotated");
                self.outline_expr(target);
                self.outline_expr(annotation);
                self.outline_optional(value.as_ref());
            }
            StmtKind::For(found) => {
                self.open_node(if found.is_async { "AsyncFor" } else { "For" });
                self.outline_expr(&found.target);
                self.outline_expr(&found.iterated);
                self.outline_body(&found.body);
                self.outline_body(&found.orelse);
            }
            StmtKind::While { test, body, orelse } => {
                self.open_node("While");
                self.outline_expr(test);
                self.outline_body(body);
                self.outline_body(orelse);
            }
            StmtKind::If { arms, orelse } => {
                // In `ast` an `elif` is an `if` alone in the `else`, so the arms nest here.
                for (number, arm) in arms.iter().enumerate() {
                    if number > 0 {
                        let _ = write!(self.text, "{{\n{}", arm.line);
                    }
                    self.open_node("If");
                    self.outline_expr(&arm.test);
                    self.outline_body(&arm.body);
                }
                self.outline_body(orelse);
                for _ in 1..arms.len() {
                    self.close_node();
                    self.text.push('}');
                }
            }
            StmtKind::With {
                is_async,
                items,
                body,
            } => {
                self.open_node(if *is_async { "AsyncWith" } else { "With" });
                for (context, target) in items {
                    self.outline_expr(context);
                    self.outline_optional(target.as_ref());
                }
                self.outline_body(body);
            }
            StmtKind::Match { subject, cases } => {
                self.open_node("Match");
                self.outline_expr(subject);
                for case in cases {
                    self.outline_optional(case.guard.as_ref());
                    self.outline_body(&case.body);
                }
            }
            StmtKind::Raise(raised, cause) => {
                self.open_node("Raise");
                self.outline_optional(raised.as_ref());
                self.outline_optional(cause.as_ref());
            }
            StmtKind::Try(found) => {
                self.open_node("Try");
                self.outline_body(&found.body);
                for handler in &found.handlers {
                    self.outline_optional(handler.kind.as_ref());
                    self.outline_body(&handler.body);
                }
                self.outline_body(&found.orelse);
                self.outline_body(&found.finally);
            }
            StmtKind::Assert(test, message) => {
                self.open_node("Assert");
                self.outline_expr(test);
                self.outline_optional(message.as_ref());
            }
            StmtKind::Import(names) => {
                self.open_node("Import");
                self.outline_aliases(names);
            }
            StmtKind::ImportFrom { module, names } => {
                self.open_node("ImportFrom");
                self.push_word(module);
                self.outline_aliases(names);
            }
            StmtKind::Scope(names) => {
                self.open_node("Scope");
                names.iter().for_each(|name| self.push_word(name));
            }
            StmtKind::TypeAlias => self.open_node("TypeAlias"),
            StmtKind::Expr(expr) => {
                self.open_node("Expr");
                self.outline_expr(expr);
            }
            StmtKind::Pass => self.open_node("Pass"),
            StmtKind::Break => self.open_node("Break"),
            StmtKind::Continue => self.open_node("Continue"),
        }
        self.close_node();
    }

    fn outline_aliases(&mut self, names: &[Alias]) {
        for alias in names {
            self.push_word(&alias.path);
            if let Some(name) = alias.name {
                self.push_word("as");
                self.push_word(name);
            }
        }
    }

    fn outline_parameters(&mut self, parameters: &[PythonParameter]) {
        self.text.push('<');
        for parameter in parameters {
            let sign = match parameter.kind {
                ParameterKind::Positional => "",
                ParameterKind::Keyword => "=",
                ParameterKind::Rest => "*",
                ParameterKind::Keywords => "**",
            };
            self.push_word(sign);
            self.text.push_str(parameter.name);
            self.outline_optional(parameter.annotation.as_ref());
            self.outline_optional(parameter.default.as_ref());
        }
        self.text.push('>');
    }

    /// Positional arguments come first, as in `ast`.
    fn outline_arguments(&mut self, arguments: &[Argument]) {
        let by_place = |argument: &&Argument| argument.name == ArgumentName::Place;
        for argument in arguments.iter().filter(by_place) {
            self.outline_expr(&argument.value);
        }
        for argument in arguments {
            match argument.name {
                ArgumentName::Place => continue,
                ArgumentName::Name(name) => self.push_word(name),
                ArgumentName::All => self.push_word("**"),
            }
            self.outline_expr(&argument.value);
        }
    }

    fn outline_expr(&mut self, expr: &PythonExpr) {
        match &expr.kind {
            ExprKind::Name(name) => self.push_word(name),
            ExprKind::Number(text) => self.push_word(number_kind(text)),
            ExprKind::Text(_) => self.push_word("'str'"),
            ExprKind::Bytes => self.push_word("'bytes'"),
            ExprKind::True => self.push_word("True"),
            ExprKind::False => self.push_word("False"),
            ExprKind::None => self.push_word("None"),
            ExprKind::Ellipsis => self.push_word("..."),
            ExprKind::Format(parts) => {
                // Fields of a nested f-string are inside the outer one, so the flag is restored.
                let around = std::mem::replace(&mut self.in_format, true);
                self.open_node("Format");
                self.outline_exprs(parts);
                self.close_node();
                self.in_format = around;
            }
            kind => {
                self.outline_expr_kind(expr.line, kind);
                self.close_node();
            }
        }
    }

    fn outline_expr_kind(&mut self, line: u32, kind: &ExprKind) {
        match kind {
            ExprKind::Attribute(of, name) => {
                self.open_node("Attribute");
                self.outline_expr(of);
                self.push_word(name);
            }
            ExprKind::Subscript(of, index) => {
                self.open_node("Subscript");
                self.outline_expr(of);
                self.outline_expr(index);
            }
            ExprKind::Slice(parts) => {
                self.open_node("Slice");
                // `ast.Slice` always has three fields: lower, upper and step.
                for place in 0..3 {
                    self.outline_optional(parts.get(place).and_then(Option::as_ref));
                }
            }
            ExprKind::Call(callee, arguments) => {
                self.open_node("Call");
                if !self.in_format {
                    let _ = write!(self.text, "@{line}");
                }
                self.outline_expr(callee);
                self.outline_arguments(arguments);
            }
            ExprKind::Await(inner) => {
                self.open_node("Await");
                self.outline_expr(inner);
            }
            ExprKind::Yield(inner) => {
                self.open_node("Yield");
                self.outline_optional(inner.as_deref());
            }
            ExprKind::YieldFrom(inner) => {
                self.open_node("YieldFrom");
                self.outline_expr(inner);
            }
            ExprKind::Unary(sign, inner) => {
                self.open_node(&format!("{sign:?}"));
                self.outline_expr(inner);
            }
            ExprKind::Binary(parts, signs) => self.outline_binary(parts, signs),
            ExprKind::Boolean(parts) => {
                self.open_node("Boolean");
                self.outline_exprs(parts);
            }
            ExprKind::Compare(parts, signs) => {
                self.open_node("Compare");
                signs
                    .iter()
                    .for_each(|sign| self.push_word(&format!("{sign:?}")));
                self.outline_exprs(parts);
            }
            ExprKind::Conditional { test, body, orelse } => {
                self.open_node("Conditional");
                self.outline_expr(test);
                self.outline_expr(body);
                self.outline_expr(orelse);
            }
            ExprKind::Lambda(parameters, body) => {
                self.open_node("Lambda");
                self.outline_parameters(parameters);
                self.outline_expr(body);
            }
            ExprKind::Named(target, value) => {
                self.open_node("Named");
                self.outline_expr(target);
                self.outline_expr(value);
            }
            ExprKind::Starred(inner) => {
                self.open_node("Starred");
                self.outline_expr(inner);
            }
            ExprKind::Tuple(parts) => {
                self.open_node("Tuple");
                self.outline_exprs(parts);
            }
            ExprKind::List(parts) => {
                self.open_node("List");
                self.outline_exprs(parts);
            }
            ExprKind::Set(parts) => {
                self.open_node("Set");
                self.outline_exprs(parts);
            }
            ExprKind::Dict(items) => {
                self.open_node("Dict");
                for (key, value) in items {
                    self.outline_optional(key.as_ref());
                    self.outline_expr(value);
                }
            }
            ExprKind::Comprehension(found) => {
                self.open_node(&format!("{:?}", found.kind));
                self.outline_exprs(&found.elements);
                for clause in &found.clauses {
                    self.open_node(if clause.is_async { "async" } else { "for" });
                    self.outline_expr(&clause.target);
                    self.outline_expr(&clause.iterated);
                    self.outline_exprs(&clause.conditions);
                    self.close_node();
                }
            }
            // `expr` writes the remaining kinds; they have no bracket.
            _ => self.open_node("?"),
        }
    }

    /// `a + b - c` as the nested nodes of `ast`; the caller closes the last one.
    fn outline_binary(&mut self, parts: &[PythonExpr], signs: &[Binary]) {
        for sign in signs.iter().rev() {
            self.open_node(&format!("{sign:?}"));
        }
        let mut parts = parts.iter();
        if let Some(first) = parts.next() {
            self.outline_expr(first);
        }
        for (place, part) in parts.enumerate() {
            if place > 0 {
                self.close_node();
            }
            self.outline_expr(part);
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
