//! Compound statements: definitions, loops, branches.

use super::super::lexer::PythonTokenKind;
use super::super::tree::{
    Arm, Case, Def, For, Handler, PythonClass, PythonExpr, Stmt, StmtKind, Try,
};
use super::atom::arguments;
use super::expression::{expression, expressions, named, target_list};
use super::pattern::patterns;
use super::statement::block;
use super::{NoMatch, Parser, Read};

/// Reads a compound statement; `None` if the line begins none.
pub(super) fn compound<'a>(p: &mut Parser<'a>) -> Read<Option<Stmt<'a>>> {
    let line = p.current_line();
    if p.sees("@") {
        let decorators = decorators(p)?;
        // In CPython's `ast` the line of a definition is that of `def`, not of its decorators.
        let line = p.current_line();
        let kind = decorated(p, decorators)?;
        return Ok(Some(Stmt { line, kind }));
    }
    if !p.is(PythonTokenKind::Name) {
        return Ok(None);
    }
    let kind = match p.current_token().text {
        "def" | "class" => decorated(p, Vec::new())?,
        "async" => match p.token_ahead(1).text {
            "def" => decorated(p, Vec::new())?,
            "for" => loop_over(p)?,
            "with" => with(p)?,
            _ => return Err(NoMatch),
        },
        "if" => branch(p)?,
        "for" => loop_over(p)?,
        "while" => loop_while(p)?,
        "with" => with(p)?,
        "try" => try_statement(p)?,
        // `match` is a soft keyword: `match(x)` may be a call.
        "match" => match p.try_parse(match_subject) {
            Some(subject) => cases(p, subject)?,
            None => return Ok(None),
        },
        _ => return Ok(None),
    };
    Ok(Some(Stmt { line, kind }))
}

/// `@app.get("/")`, one per line.
fn decorators<'a>(p: &mut Parser<'a>) -> Read<Vec<PythonExpr<'a>>> {
    let mut found = Vec::new();
    while p.accept("@") {
        found.push(named(p)?);
        p.expect_kind(PythonTokenKind::Newline)?;
    }
    Ok(found)
}

fn decorated<'a>(p: &mut Parser<'a>, decorators: Vec<PythonExpr<'a>>) -> Read<StmtKind<'a>> {
    if p.accept("class") {
        return class(p, decorators);
    }
    let is_async = p.accept("async");
    p.expect("def")?;
    let name = p.expect_name()?;
    type_parameters(p)?;
    p.expect("(")?;
    let parameters = super::expression::parameters(p, ")", true)?;
    p.expect(")")?;
    if p.accept("->") {
        expressions(p)?;
    }
    let body = block(p)?;
    Ok(StmtKind::Def(Box::new(Def {
        is_async,
        name,
        parameters,
        decorators,
        body,
    })))
}

fn class<'a>(p: &mut Parser<'a>, decorators: Vec<PythonExpr<'a>>) -> Read<StmtKind<'a>> {
    let name = p.expect_name()?;
    type_parameters(p)?;
    let arguments = if p.accept("(") {
        arguments(p)?
    } else {
        Vec::new()
    };
    let body = block(p)?;
    Ok(StmtKind::Class(Box::new(PythonClass {
        name,
        arguments,
        decorators,
        body,
    })))
}

/// `[T: int, *U]`
pub(super) fn type_parameters(p: &mut Parser) -> Read<()> {
    if !p.accept("[") {
        return Ok(());
    }
    while !p.sees("]") {
        let _ = p.accept("*") || p.accept("**");
        p.expect_name()?;
        if p.accept(":") {
            expression(p)?;
        }
        if p.accept("=") {
            expression(p)?;
        }
        if !p.accept(",") {
            break;
        }
    }
    p.expect("]")
}

/// An `if` with its `elif` and `else`.
fn branch<'a>(p: &mut Parser<'a>) -> Read<StmtKind<'a>> {
    let mut arms = Vec::new();
    loop {
        let line = p.current_line();
        p.next_token();
        let test = named(p)?;
        let body = block(p)?;
        arms.push(Arm { line, test, body });
        if !p.sees("elif") {
            break;
        }
    }
    let orelse = or_else(p)?;
    Ok(StmtKind::If { arms, orelse })
}

fn or_else<'a>(p: &mut Parser<'a>) -> Read<Vec<Stmt<'a>>> {
    if p.accept("else") {
        block(p)
    } else {
        Ok(Vec::new())
    }
}

fn loop_over<'a>(p: &mut Parser<'a>) -> Read<StmtKind<'a>> {
    let is_async = p.accept("async");
    p.expect("for")?;
    let target = target_list(p)?;
    p.expect("in")?;
    let iterated = expressions(p)?;
    let body = block(p)?;
    let orelse = or_else(p)?;
    Ok(StmtKind::For(Box::new(For {
        is_async,
        target,
        iterated,
        body,
        orelse,
    })))
}

fn loop_while<'a>(p: &mut Parser<'a>) -> Read<StmtKind<'a>> {
    p.expect("while")?;
    let test = named(p)?;
    let body = block(p)?;
    let orelse = or_else(p)?;
    Ok(StmtKind::While { test, body, orelse })
}

fn with<'a>(p: &mut Parser<'a>) -> Read<StmtKind<'a>> {
    let is_async = p.accept("async");
    p.expect("with")?;
    // `with (a, b):` may have bracketed items or one tuple; CPython prefers the items.
    let items = match p.try_parse(bracketed_items) {
        Some(items) => items,
        None => {
            let mut items = vec![item(p)?];
            while p.accept(",") {
                items.push(item(p)?);
            }
            items
        }
    };
    let body = block(p)?;
    Ok(StmtKind::With {
        is_async,
        items,
        body,
    })
}

type WithItem<'a> = (PythonExpr<'a>, Option<PythonExpr<'a>>);

/// `(a as b, c as d)`. Refused unless a colon follows, e.g. for `(a).b as c`.
fn bracketed_items<'a>(p: &mut Parser<'a>) -> Read<Vec<WithItem<'a>>> {
    p.expect("(")?;
    let mut items = vec![item(p)?];
    while p.accept(",") && !p.sees(")") {
        items.push(item(p)?);
    }
    p.expect(")")?;
    p.sees(":").then_some(items).ok_or(NoMatch)
}

/// `a as b`
fn item<'a>(p: &mut Parser<'a>) -> Read<WithItem<'a>> {
    let context = expression(p)?;
    let target = p
        .accept("as")
        .then(|| super::expression::target(p))
        .transpose()?;
    Ok((context, target))
}

fn try_statement<'a>(p: &mut Parser<'a>) -> Read<StmtKind<'a>> {
    p.expect("try")?;
    let body = block(p)?;
    let mut handlers = Vec::new();
    while p.accept("except") {
        // `except*` differs from `except` only for groups of exceptions.
        let _ = p.accept("*");
        let kind = if p.sees(":") {
            None
        } else {
            Some(expressions(p)?)
        };
        if p.accept("as") {
            p.expect_name()?;
        }
        let body = block(p)?;
        handlers.push(Handler { kind, body });
    }
    let orelse = or_else(p)?;
    let finally = if p.accept("finally") {
        block(p)?
    } else {
        Vec::new()
    };
    // CPython refuses a `try` alone as well.
    if handlers.is_empty() && finally.is_empty() {
        return Err(NoMatch);
    }
    Ok(StmtKind::Try(Box::new(Try {
        body,
        handlers,
        orelse,
        finally,
    })))
}

/// `match x:` if a `case` follows; otherwise `match` is a name.
fn match_subject<'a>(p: &mut Parser<'a>) -> Read<PythonExpr<'a>> {
    p.expect("match")?;
    let subject = expressions(p)?;
    p.expect(":")?;
    p.expect_kind(PythonTokenKind::Newline)?;
    p.expect_kind(PythonTokenKind::Indent)?;
    p.sees("case").then_some(subject).ok_or(NoMatch)
}

fn cases<'a>(p: &mut Parser<'a>, subject: PythonExpr<'a>) -> Read<StmtKind<'a>> {
    let mut cases = Vec::new();
    while p.accept("case") {
        patterns(p)?;
        let guard = p.accept("if").then(|| named(p)).transpose()?;
        let body = block(p)?;
        cases.push(Case { guard, body });
    }
    p.expect_kind(PythonTokenKind::Dedent)?;
    Ok(StmtKind::Match { subject, cases })
}
