//! Simple statements and blocks.
//!
//! Compound statements are left to [`compound`].

use super::super::lexer::Kind;
use super::super::tree::{Alias, Expr, Stmt, StmtKind};
use super::compound;
use super::expression::{expression, expressions, target};
use super::{Parser, Read, Refused};

/// All statements of a module.
pub(super) fn module<'a>(p: &mut Parser<'a>) -> Vec<Stmt<'a>> {
    let mut body = Vec::new();
    while !p.is(Kind::End) {
        // A header that could not be read leaves the tokens of its block.
        if p.is(Kind::Indent) || p.is(Kind::Dedent) || p.is(Kind::Newline) {
            if p.is(Kind::Indent) {
                p.report();
            }
            p.step();
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
    if line(p, body).is_err() {
        // The next statement starts at the depth of this one, however it was refused.
        p.depth = depth;
        p.report();
        skip(p);
    }
}

/// `a; b; c`, or a compound statement.
fn line<'a>(p: &mut Parser<'a>, body: &mut Vec<Stmt<'a>>) -> Read<()> {
    if let Some(stmt) = p.nested(compound::compound)? {
        body.push(stmt);
        return Ok(());
    }
    loop {
        body.push(simple(p)?);
        if !p.accept(";") || p.is(Kind::Newline) {
            break;
        }
    }
    p.expect_kind(Kind::Newline).map(drop)
}

/// Skips the rest of the line, and the block below it.
fn skip(p: &mut Parser) {
    while !matches!(p.token().kind, Kind::Newline | Kind::End | Kind::Dedent) {
        if p.is(Kind::Indent) {
            break;
        }
        p.step();
    }
    if p.is(Kind::Newline) {
        p.step();
    }
    if !p.is(Kind::Indent) {
        return;
    }
    // A block without its header would be read as a part of the block around it.
    let mut open = 0_u32;
    while !p.is(Kind::End) {
        match p.step().kind {
            Kind::Indent => open += 1,
            Kind::Dedent => open -= 1,
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
    if !p.is(Kind::Newline) {
        line_of_simple(p, &mut body)?;
        return Ok(body);
    }
    p.step();
    p.expect_kind(Kind::Indent)?;
    while !p.is(Kind::Dedent) && !p.is(Kind::End) {
        statements(p, &mut body);
    }
    if p.is(Kind::Dedent) {
        p.step();
    }
    Ok(body)
}

fn line_of_simple<'a>(p: &mut Parser<'a>, body: &mut Vec<Stmt<'a>>) -> Read<()> {
    loop {
        body.push(simple(p)?);
        if !p.accept(";") || p.is(Kind::Newline) {
            break;
        }
    }
    p.expect_kind(Kind::Newline).map(drop)
}

fn simple<'a>(p: &mut Parser<'a>) -> Read<Stmt<'a>> {
    let line = p.line();
    let kind = match p.token().text {
        _ if !p.is(Kind::Name) => assignment(p)?,
        "pass" => word(p, StmtKind::Pass),
        "break" => word(p, StmtKind::Break),
        "continue" => word(p, StmtKind::Continue),
        "return" => {
            p.step();
            StmtKind::Return(optional(p)?)
        }
        "del" => {
            p.step();
            let mut targets = vec![target(p)?];
            while p.accept(",") && !p.is(Kind::Newline) && !p.sees(";") {
                targets.push(target(p)?);
            }
            StmtKind::Delete(targets)
        }
        "raise" => raise(p)?,
        "assert" => {
            p.step();
            let test = expression(p)?;
            let message = p.accept(",").then(|| expression(p)).transpose()?;
            StmtKind::Assert(test, message)
        }
        "import" => import(p)?,
        "from" => import_from(p)?,
        "global" | "nonlocal" => {
            p.step();
            let mut names = vec![p.name()?];
            while p.accept(",") {
                names.push(p.name()?);
            }
            StmtKind::Scope(names)
        }
        // `type` is a soft keyword: `type X = int` is an alias, `type = 1` an assignment.
        "type" => match p.attempt(type_alias) {
            Some(kind) => kind,
            None => assignment(p)?,
        },
        _ => assignment(p)?,
    };
    Ok(Stmt { line, kind })
}

fn word<'a>(p: &mut Parser<'a>, kind: StmtKind<'a>) -> StmtKind<'a> {
    p.step();
    kind
}

fn optional<'a>(p: &mut Parser<'a>) -> Read<Option<Expr<'a>>> {
    if p.is(Kind::Newline) || p.sees(";") {
        return Ok(None);
    }
    expressions(p).map(Some)
}

/// `raise X from Y`
fn raise<'a>(p: &mut Parser<'a>) -> Read<StmtKind<'a>> {
    p.step();
    if p.is(Kind::Newline) || p.sees(";") {
        return Ok(StmtKind::Raise(None, None));
    }
    let raised = expression(p)?;
    let cause = p.accept("from").then(|| expression(p)).transpose()?;
    Ok(StmtKind::Raise(Some(raised), cause))
}

/// `type X[T] = …`. Needs no tree: an alias takes no time.
fn type_alias<'a>(p: &mut Parser<'a>) -> Read<StmtKind<'a>> {
    p.expect("type")?;
    p.name()?;
    compound::type_parameters(p)?;
    p.expect("=")?;
    expression(p)?;
    Ok(StmtKind::TypeAlias)
}

/// `import a.b as c, d`
fn import<'a>(p: &mut Parser<'a>) -> Read<StmtKind<'a>> {
    p.step();
    let mut names = Vec::new();
    loop {
        let path = dotted(p)?;
        let name = p.accept("as").then(|| p.name()).transpose()?;
        names.push(Alias { path, name });
        if !p.accept(",") {
            return Ok(StmtKind::Import(names));
        }
    }
}

fn dotted(p: &mut Parser) -> Read<String> {
    let mut path = p.name()?.to_owned();
    while p.accept(".") {
        path.push('.');
        path.push_str(p.name()?);
    }
    Ok(path)
}

/// `from ..a import (b as c, d)`
fn import_from<'a>(p: &mut Parser<'a>) -> Read<StmtKind<'a>> {
    p.step();
    let mut module = String::new();
    // `...` is one token, also in `from ...a import b`.
    while p.sees_any(&[".", "..."]) {
        module.push_str(p.step().text);
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
        let path = p.name()?.to_owned();
        let name = p.accept("as").then(|| p.name()).transpose()?;
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
        p.step();
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
    let value = parts.pop().ok_or(Refused)?;
    Ok(if parts.is_empty() {
        StmtKind::Expr(value)
    } else {
        StmtKind::Assign {
            targets: parts,
            value,
        }
    })
}
