//! The patterns of `case`.
//!
//! A pattern takes no time, so only its extent matters and no tree is built.

use super::super::lexer::Kind;
use super::{Parser, Read, Refused};

/// `[a, *rest]`, `Point(x=0) | None as p`, `1, 2`
pub(super) fn patterns(p: &mut Parser) -> Read<()> {
    pattern(p)?;
    while p.accept(",") {
        if p.sees_any(&[":", "if"]) {
            break;
        }
        pattern(p)?;
    }
    Ok(())
}

/// `a | b as c`
fn pattern(p: &mut Parser) -> Read<()> {
    p.nested(|p| {
        if p.accept("*") {
            return p.name().map(drop);
        }
        closed(p)?;
        while p.accept("|") {
            closed(p)?;
        }
        if p.accept("as") {
            p.name()?;
        }
        Ok(())
    })
}

fn closed(p: &mut Parser) -> Read<()> {
    match p.token().kind {
        Kind::Text => {
            while p.is(Kind::Text) {
                p.step();
            }
            Ok(())
        }
        Kind::Number => number(p),
        Kind::Sign => match p.token().text {
            "-" => number(p),
            "(" => several(p, ")"),
            "[" => several(p, "]"),
            "{" => mapping(p),
            _ => Err(Refused),
        },
        Kind::Name if p.sees_any(&["None", "True", "False"]) => {
            p.step();
            Ok(())
        }
        Kind::Name => value_or_class(p),
        _ => Err(Refused),
    }
}

/// `-1`, `1 + 2j`
fn number(p: &mut Parser) -> Read<()> {
    let _ = p.accept("-");
    p.expect_kind(Kind::Number)?;
    if p.accept("+") || p.accept("-") {
        p.expect_kind(Kind::Number)?;
    }
    Ok(())
}

/// `(a, b)`
fn several(p: &mut Parser, close: &str) -> Read<()> {
    p.step();
    while !p.sees(close) {
        pattern(p)?;
        if !p.accept(",") {
            break;
        }
    }
    p.expect(close)
}

/// `{"a": b, **rest}`
fn mapping(p: &mut Parser) -> Read<()> {
    p.step();
    while !p.sees("}") {
        if p.accept("**") {
            p.name()?;
        } else {
            // In a valid program a key is a literal or a dotted name. In an invalid one it can
            // be any pattern, and nest.
            p.nested(closed)?;
            p.expect(":")?;
            pattern(p)?;
        }
        if !p.accept(",") {
            break;
        }
    }
    p.expect("}")
}

/// `name`, `a.b`, `Point(x, y=0)`
fn value_or_class(p: &mut Parser) -> Read<()> {
    p.name()?;
    while p.accept(".") {
        p.name()?;
    }
    if !p.accept("(") {
        return Ok(());
    }
    while !p.sees(")") {
        // A keyword of a class pattern, e.g. `x=` in `Point(x=0)`.
        if p.is(Kind::Name) && p.ahead(1).text == "=" {
            p.name()?;
            p.step();
        }
        pattern(p)?;
        if !p.accept(",") {
            break;
        }
    }
    p.expect(")")
}
