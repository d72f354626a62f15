//! The patterns of `case`.
//!
//! A pattern takes no time, so only its extent matters and no tree is built.

use super::super::lexer::PythonTokenKind;
use super::{NoMatch, Parser, Read};

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
    p.parse_nested(|p| {
        if p.accept("*") {
            return p.expect_name().map(drop);
        }
        closed(p)?;
        while p.accept("|") {
            closed(p)?;
        }
        if p.accept("as") {
            p.expect_name()?;
        }
        Ok(())
    })
}

fn closed(p: &mut Parser) -> Read<()> {
    match p.current_token().kind {
        PythonTokenKind::Text => {
            while p.is(PythonTokenKind::Text) {
                p.next_token();
            }
            Ok(())
        }
        PythonTokenKind::Number => number(p),
        PythonTokenKind::Sign => match p.current_token().text {
            "-" => number(p),
            "(" => several(p, ")"),
            "[" => several(p, "]"),
            "{" => mapping(p),
            _ => Err(NoMatch),
        },
        PythonTokenKind::Name if p.sees_any(&["None", "True", "False"]) => {
            p.next_token();
            Ok(())
        }
        PythonTokenKind::Name => value_or_class(p),
        _ => Err(NoMatch),
    }
}

/// `-1`, `1 + 2j`
fn number(p: &mut Parser) -> Read<()> {
    let _ = p.accept("-");
    p.expect_kind(PythonTokenKind::Number)?;
    if p.accept("+") || p.accept("-") {
        p.expect_kind(PythonTokenKind::Number)?;
    }
    Ok(())
}

/// `(a, b)`
fn several(p: &mut Parser, close: &str) -> Read<()> {
    p.next_token();
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
    p.next_token();
    while !p.sees("}") {
        if p.accept("**") {
            p.expect_name()?;
        } else {
            // In a valid program a key is a literal or a dotted name. In an invalid one it can
            // be any pattern, and nest.
            p.parse_nested(closed)?;
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
    p.expect_name()?;
    while p.accept(".") {
        p.expect_name()?;
    }
    if !p.accept("(") {
        return Ok(());
    }
    while !p.sees(")") {
        // A keyword of a class pattern, e.g. `x=` in `Point(x=0)`.
        if p.is(PythonTokenKind::Name) && p.token_ahead(1).text == "=" {
            p.expect_name()?;
            p.next_token();
        }
        pattern(p)?;
        if !p.accept(",") {
            break;
        }
    }
    p.expect(")")
}
