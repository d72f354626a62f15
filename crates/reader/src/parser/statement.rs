//! Simple statements and blocks.
//!
//! Compound statements are left to [`compound`].

use super::super::lexer::PythonTokenKind;
use super::super::tree::{Alias, PythonExpr, Stmt, StmtKind};
use super::compound;
use super::expression::{expression, expressions, target};
use super::{NoMatch, Parser, Read};

/// All statements of a module.
pub(super) fn module<'a>(p: &mut Parser<'a>) -> Vec<Stmt<'a>> {
    let mut body = Vec::new();
    while !p.is(PythonTokenKind::End) {
        // A header that could not be read leaves the tokens of its block.
        if p.is(PythonTokenKind::Indent)
            || p.is(PythonTokenKind::Dedent)
            || p.is(PythonTokenKind::Newline)
        {
            if p.is(PythonTokenKind::Indent) {
                p.report_problem();
            }
            p.next_token();
            continue;
        }
        statements(p, &mut body);
    }
    body
}

/// Reads a line of simple statements, or a compound statement. Reports a problem otherwise.
fn statements<'a>(p: &mut Parser<'a>, body: &mut Vec<Stmt<'a>>) {
    let depth = p.depth;
    p.too_deep = false;
    if statement_line(p, body).is_err() {
        // The next statement starts at the depth of this one, however it was refused.
        p.depth = depth;
        p.report_problem();
        skip_statement(p);
    }
}

/// `a; b; c`, or a compound statement.
fn statement_line<'a>(p: &mut Parser<'a>, body: &mut Vec<Stmt<'a>>) -> Read<()> {
    if let Some(stmt) = p.parse_nested(compound::compound)? {
        body.push(stmt);
        return Ok(());
    }
    loop {
        body.push(simple(p)?);
        if !p.accept(";") || p.is(PythonTokenKind::Newline) {
            break;
        }
    }
    p.expect_kind(PythonTokenKind::Newline).map(drop)
}

/// Skips the rest of the line, and the block below it.
fn skip_statement(p: &mut Parser) {
    while !matches!(
        p.current_token().kind,
        PythonTokenKind::Newline | PythonTokenKind::End | PythonTokenKind::Dedent
    ) {
        if p.is(PythonTokenKind::Indent) {
            break;
        }
        p.next_token();
    }
    if p.is(PythonTokenKind::Newline) {
        p.next_token();
    }
    if !p.is(PythonTokenKind::Indent) {
        return;
    }
    // A block without its header would be read as a part of the block around it.
    let mut open = 0_u32;
    while !p.is(PythonTokenKind::End) {
        match p.next_token().kind {
            PythonTokenKind::Indent => open += 1,
            PythonTokenKind::Dedent => open -= 1,
            _ => {}
        }
        if open == 0 {
            return;
        }
    }
}

/// A colon with a body: one line, or an indented block.
pub(super) fn block<'a>(p: &mut Parser<'a>) -> Read<Vec<Stmt<'a>>> {
    p.expect(":")?;
    let mut body = Vec::new();
    if !p.is(PythonTokenKind::Newline) {
        line_of_simple(p, &mut body)?;
        return Ok(body);
    }
    p.next_token();
    p.expect_kind(PythonTokenKind::Indent)?;
    while !p.is(PythonTokenKind::Dedent) && !p.is(PythonTokenKind::End) {
        statements(p, &mut body);
    }
    if p.is(PythonTokenKind::Dedent) {
        p.next_token();
    }
    Ok(body)
}

fn line_of_simple<'a>(p: &mut Parser<'a>, body: &mut Vec<Stmt<'a>>) -> Read<()> {
    loop {
        body.push(simple(p)?);
        if !p.accept(";") || p.is(PythonTokenKind::Newline) {
            break;
        }
    }
    p.expect_kind(PythonTokenKind::Newline).map(drop)
}

fn simple<'a>(p: &mut Parser<'a>) -> Read<Stmt<'a>> {
    let line = p.current_line();
    let kind = match p.current_token().text {
        _ if !p.is(PythonTokenKind::Name) => assignment(p)?,
        "pass" => word(p, StmtKind::Pass),
        "break" => word(p, StmtKind::Break),
        "continue" => word(p, StmtKind::Continue),
        "return" => {
            p.next_token();
            StmtKind::Return(optional(p)?)
        }
        "del" => {
            p.next_token();
            let mut targets = vec![target(p)?];
            while p.accept(",") && !p.is(PythonTokenKind::Newline) && !p.sees(";") {
                targets.push(target(p)?);
            }
            StmtKind::Delete(targets)
        }
        "raise" => raise(p)?,
        "assert" => {
            p.next_token();
            let test = expression(p)?;
            let message = p.accept(",").then(|| expression(p)).transpose()?;
            StmtKind::Assert(test, message)
        }
        "import" => import(p)?,
        "from" => import_from(p)?,
        "global" | "nonlocal" => {
            p.next_token();
            let mut names = vec![p.expect_name()?];
            while p.accept(",") {
                names.push(p.expect_name()?);
            }
            StmtKind::Scope(names)
        }
        // `type` is a soft keyword: `type X = int` is an alias, `type = 1` an assignment.
        "type" => match p.try_parse(type_alias) {
            Some(kind) => kind,
            None => assignment(p)?,
        },
        _ => assignment(p)?,
    };
    Ok(Stmt { line, kind })
}

fn word<'a>(p: &mut Parser<'a>, kind: StmtKind<'a>) -> StmtKind<'a> {
    p.next_token();
    kind
}

fn optional<'a>(p: &mut Parser<'a>) -> Read<Option<PythonExpr<'a>>> {
    if p.is(PythonTokenKind::Newline) || p.sees(";") {
        return Ok(None);
    }
    expressions(p).map(Some)
}

/// `raise X from Y`
fn raise<'a>(p: &mut Parser<'a>) -> Read<StmtKind<'a>> {
    p.next_token();
    if p.is(PythonTokenKind::Newline) || p.sees(";") {
        return Ok(StmtKind::Raise(None, None));
    }
    let raised = expression(p)?;
    let cause = p.accept("from").then(|| expression(p)).transpose()?;
    Ok(StmtKind::Raise(Some(raised), cause))
}

/// `type X[T] = …`. Needs no tree: an alias takes no time.
fn type_alias<'a>(p: &mut Parser<'a>) -> Read<StmtKind<'a>> {
    p.expect("type")?;
    p.expect_name()?;
    compound::type_parameters(p)?;
    p.expect("=")?;
    expression(p)?;
    Ok(StmtKind::TypeAlias)
}

/// `import a.b as c, d`
fn import<'a>(p: &mut Parser<'a>) -> Read<StmtKind<'a>> {
    p.next_token();
    let mut names = Vec::new();
    loop {
        let path = dotted(p)?;
        let name = p.accept("as").then(|| p.expect_name()).transpose()?;
        names.push(Alias { path, name });
        if !p.accept(",") {
            return Ok(StmtKind::Import(names));
        }
    }
}

fn dotted(p: &mut Parser) -> Read<String> {
    let mut path = p.expect_name()?.to_owned();
    while p.accept(".") {
        path.push('.');
        path.push_str(p.expect_name()?);
    }
    Ok(path)
}

/// `from ..a import (b as c, d)`
fn import_from<'a>(p: &mut Parser<'a>) -> Read<StmtKind<'a>> {
    p.next_token();
    let mut module = String::new();
    // `...` is one token, also in `from ...a import b`.
    while p.sees_any(&[".", "..."]) {
        module.push_str(p.next_token().text);
    }
    if !p.sees("import") {
        module.push_str(&dotted(p)?);
    }
    p.expect("import")?;
    if p.accept("*") {
        let all = Alias {
            path: "*".to_owned(),
            name: None,
        };
        let names = vec![all];
        return Ok(StmtKind::ImportFrom { module, names });
    }
    let bracketed = p.accept("(");
    let mut names = Vec::new();
    loop {
        let path = p.expect_name()?.to_owned();
        let name = p.accept("as").then(|| p.expect_name()).transpose()?;
        names.push(Alias { path, name });
        // Only inside brackets may a comma end the list.
        if !p.accept(",") || (bracketed && p.sees(")")) {
            break;
        }
    }
    if bracketed {
        p.expect(")")?;
    }
    Ok(StmtKind::ImportFrom { module, names })
}

/// `a`, `a = b = c`, `a: int = b`, `a += b`
fn assignment<'a>(p: &mut Parser<'a>) -> Read<StmtKind<'a>> {
    const UPDATES: [&str; 13] = [
        "+=", "-=", "*=", "/=", "//=", "%=", "@=", "&=", "|=", "^=", ">>=", "<<=", "**=",
    ];
    // Any expression is accepted as a target; CPython checks targets after parsing.
    let first = expressions(p)?;
    if p.accept(":") {
        let annotation = expression(p)?;
        let value = p.accept("=").then(|| expressions(p)).transpose()?;
        return Ok(StmtKind::Annotated {
            target: first,
            annotation,
            value,
        });
    }
    if p.sees_any(&UPDATES) {
        p.next_token();
        let value = expressions(p)?;
        return Ok(StmtKind::Update {
            target: first,
            value,
        });
    }
    let mut parts = vec![first];
    while p.accept("=") {
        parts.push(expressions(p)?);
    }
    let value = parts.pop().ok_or(NoMatch)?;
    Ok(if parts.is_empty() {
        StmtKind::Expr(value)
    } else {
        StmtKind::Assign {
            targets: parts,
            value,
        }
    })
}
