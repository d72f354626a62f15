//! Names, literals, brackets, and the suffixes `.name`, `(…)`, `[…]`.

use super::super::lexer::{Kind, fields, literal, tokens_inside};
use super::super::tree::{
    Argument, ArgumentName, Clause, Comprehension, ComprehensionKind, Expr, ExprKind,
};
use super::expression::{
    Rank, arithmetic, disjunction, expression, expressions, named, named_or_starred, target_list,
    yielded,
};
use super::{Parser, Read, Refused, is_keyword};

/// `a.b(c)[d]`
pub(super) fn primary<'a>(p: &mut Parser<'a>) -> Read<Expr<'a>> {
    let line = p.line();
    let mut found = atom(p)?;
    loop {
        let kind = if p.accept(".") {
            ExprKind::Attribute(Box::new(found), p.name()?)
        } else if p.accept("(") {
            ExprKind::Call(Box::new(found), arguments(p)?)
        } else if p.accept("[") {
            let index = subscript(p)?;
            ExprKind::Subscript(Box::new(found), Box::new(index))
        } else {
            return Ok(found);
        };
        found = p.make(line, kind)?;
    }
}

fn atom<'a>(p: &mut Parser<'a>) -> Read<Expr<'a>> {
    let line = p.line();
    let token = p.token();
    let kind = match token.kind {
        Kind::Text => return texts(p),
        Kind::Number => ExprKind::Number(token.text),
        Kind::Name => match token.text {
            "None" => ExprKind::None,
            "True" => ExprKind::True,
            "False" => ExprKind::False,
            word if is_keyword(word) => return Err(Refused),
            name => ExprKind::Name(name),
        },
        Kind::Sign => {
            return match token.text {
                "(" => p.nested(round),
                "[" => p.nested(square),
                "{" => p.nested(curly),
                "..." => {
                    p.step();
                    p.make(line, ExprKind::Ellipsis)
                }
                _ => Err(Refused),
            };
        }
        _ => return Err(Refused),
    };
    p.step();
    p.make(line, kind)
}

/// Adjacent literals, e.g. `"a" f"{b}"`; Python joins them.
fn texts<'a>(p: &mut Parser<'a>) -> Read<Expr<'a>> {
    let line = p.line();
    let (mut text, mut parts) = (String::new(), Vec::new());
    let (mut bytes, mut format) = (false, false);
    while p.is(Kind::Text) {
        let token = p.step();
        let taken = literal(token.text);
        bytes |= taken.bytes;
        format |= taken.format;
        match (taken.format, taken.raw) {
            (true, _) => {
                for field in fields(taken.inside, taken.raw) {
                    parts.push(p.nested(|p| inside(p, field, line))?);
                }
            }
            (false, true) => text.push_str(taken.inside),
            (false, false) => unescape(taken.inside, &mut text),
        }
    }
    let kind = match (bytes, format) {
        (true, _) => ExprKind::Bytes,
        (_, true) => ExprKind::Format(parts),
        _ => ExprKind::Text(text),
    };
    p.make(line, kind)
}

/// An expression in the braces of an f-string.
fn inside<'a>(p: &mut Parser<'a>, field: &'a str, line: u32) -> Read<Expr<'a>> {
    let mut inner = Parser::new(tokens_inside(field, line));
    // The nested parser inherits the depth, so that f-strings in f-strings reach the limit.
    inner.depth = p.depth;
    let found = expressions(&mut inner);
    p.too_deep |= inner.too_deep;
    let found = found?;
    inner.is(Kind::End).then_some(found).ok_or(Refused)
}

/// Appends the text of a literal without its escapes. Escapes that no label needs stay as
/// they are, e.g. `\x41`.
fn unescape(inside: &str, text: &mut String) {
    let mut characters = inside.chars().peekable();
    while let Some(c) = characters.next() {
        if c != '\\' {
            text.push(c);
            continue;
        }
        match characters.next() {
            Some('n') => text.push('\n'),
            Some('t') => text.push('\t'),
            Some('r') => text.push('\r'),
            // A backslash at the end of a line joins it with the next.
            Some('\n') | None => {}
            Some(quote @ ('\\' | '\'' | '"')) => text.push(quote),
            Some(other) => text.extend(['\\', other]),
        }
    }
}

/// `()`, `(a)`, `(a, b)`, `(x for x in y)`
fn round<'a>(p: &mut Parser<'a>) -> Read<Expr<'a>> {
    let line = p.line();
    p.step();
    if p.accept(")") {
        return p.make(line, ExprKind::Tuple(Vec::new()));
    }
    if p.sees("yield") {
        let found = yielded(p)?;
        p.expect(")")?;
        return Ok(found);
    }
    let first = named_or_starred(p)?;
    if begins_clause(p) {
        let found = comprehension(p, ComprehensionKind::Generator, vec![first], line)?;
        p.expect(")")?;
        return Ok(found);
    }
    if p.accept(")") {
        // `(*a)` is an error; `(*a,)` is a tuple.
        return match first.kind {
            ExprKind::Starred(_) => Err(Refused),
            _ => Ok(first),
        };
    }
    let parts = rest(p, first, ")")?;
    p.make(line, ExprKind::Tuple(parts))
}

/// `, b, c)`
fn rest<'a>(p: &mut Parser<'a>, first: Expr<'a>, close: &str) -> Read<Vec<Expr<'a>>> {
    let mut parts = vec![first];
    while p.accept(",") && !p.sees(close) {
        parts.push(named_or_starred(p)?);
    }
    p.expect(close)?;
    Ok(parts)
}

fn square<'a>(p: &mut Parser<'a>) -> Read<Expr<'a>> {
    let line = p.line();
    p.step();
    if p.accept("]") {
        return p.make(line, ExprKind::List(Vec::new()));
    }
    let first = named_or_starred(p)?;
    if begins_clause(p) {
        let found = comprehension(p, ComprehensionKind::List, vec![first], line)?;
        p.expect("]")?;
        return Ok(found);
    }
    let parts = rest(p, first, "]")?;
    p.make(line, ExprKind::List(parts))
}

/// A dictionary, a set or a comprehension, e.g. `{"a": 1}`, `{1, 2}`, `{x for x in y}`.
fn curly<'a>(p: &mut Parser<'a>) -> Read<Expr<'a>> {
    let line = p.line();
    p.step();
    if p.accept("}") {
        return p.make(line, ExprKind::Dict(Vec::new()));
    }
    if p.sees("**") {
        return dictionary(p, Vec::new(), line);
    }
    let first = named_or_starred(p)?;
    if p.accept(":") {
        let value = expression(p)?;
        if begins_clause(p) {
            let found = comprehension(p, ComprehensionKind::Dict, vec![first, value], line)?;
            p.expect("}")?;
            return Ok(found);
        }
        let _ = p.accept(",");
        return dictionary(p, vec![(Some(first), value)], line);
    }
    if begins_clause(p) {
        let found = comprehension(p, ComprehensionKind::Set, vec![first], line)?;
        p.expect("}")?;
        return Ok(found);
    }
    let parts = rest(p, first, "}")?;
    p.make(line, ExprKind::Set(parts))
}

type Entry<'a> = (Option<Expr<'a>>, Expr<'a>);

fn dictionary<'a>(p: &mut Parser<'a>, mut items: Vec<Entry<'a>>, line: u32) -> Read<Expr<'a>> {
    while !p.sees("}") {
        if p.accept("**") {
            items.push((None, arithmetic(p, Rank::BitOr)?));
        } else {
            let key = expression(p)?;
            p.expect(":")?;
            items.push((Some(key), expression(p)?));
        }
        if !p.accept(",") {
            break;
        }
    }
    p.expect("}")?;
    p.make(line, ExprKind::Dict(items))
}

fn begins_clause(p: &Parser) -> bool {
    p.sees("for") || (p.sees("async") && p.ahead(1).text == "for")
}

fn comprehension<'a>(
    p: &mut Parser<'a>,
    kind: ComprehensionKind,
    elements: Vec<Expr<'a>>,
    line: u32,
) -> Read<Expr<'a>> {
    let mut clauses = Vec::new();
    while begins_clause(p) {
        let is_async = p.accept("async");
        p.expect("for")?;
        let target = target_list(p)?;
        p.expect("in")?;
        let iterated = disjunction(p)?;
        let mut conditions = Vec::new();
        while p.accept("if") {
            conditions.push(condition(p)?);
        }
        clauses.push(Clause {
            is_async,
            target,
            iterated,
            conditions,
        });
    }
    let found = Comprehension {
        kind,
        elements,
        clauses,
    };
    p.make(line, ExprKind::Comprehension(Box::new(found)))
}

/// A condition of a comprehension. It cannot be `a if b else c`, because that `if` begins the
/// next condition.
fn condition<'a>(p: &mut Parser<'a>) -> Read<Expr<'a>> {
    let line = p.line();
    let first = disjunction(p)?;
    if !p.accept(":=") {
        return Ok(first);
    }
    let value = disjunction(p)?;
    p.make(line, ExprKind::Named(Box::new(first), Box::new(value)))
}

/// The arguments of a call, after `(` and including `)`.
pub(super) fn arguments<'a>(p: &mut Parser<'a>) -> Read<Vec<Argument<'a>>> {
    p.nested(|p| {
        let mut found = Vec::new();
        while !p.sees(")") {
            found.push(argument(p)?);
            if !p.accept(",") {
                break;
            }
        }
        p.expect(")")?;
        Ok(found)
    })
}

fn argument<'a>(p: &mut Parser<'a>) -> Read<Argument<'a>> {
    let line = p.line();
    if p.accept("**") {
        let value = expression(p)?;
        let name = ArgumentName::All;
        return Ok(Argument { name, value });
    }
    if p.accept("*") {
        let inner = expression(p)?;
        let value = p.make(line, ExprKind::Starred(Box::new(inner)))?;
        let name = ArgumentName::Place;
        return Ok(Argument { name, value });
    }
    // A name before `=` is a keyword argument; `==` is a token of its own.
    if p.is(Kind::Name) && p.ahead(1).kind == Kind::Sign && p.ahead(1).text == "=" {
        let name = ArgumentName::Name(p.name()?);
        p.step();
        let value = expression(p)?;
        return Ok(Argument { name, value });
    }
    let value = named(p)?;
    let name = ArgumentName::Place;
    let value = if begins_clause(p) {
        comprehension(p, ComprehensionKind::Generator, vec![value], line)?
    } else {
        value
    };
    Ok(Argument { name, value })
}

/// A subscript, after `[` and including `]`, e.g. `i`, `a:b:c`, `a, *b`.
fn subscript<'a>(p: &mut Parser<'a>) -> Read<Expr<'a>> {
    p.nested(|p| {
        let line = p.line();
        let first = slice(p)?;
        // `t[*a]` has a tuple of one element.
        if !p.sees(",") && !matches!(first.kind, ExprKind::Starred(_)) {
            p.expect("]")?;
            return Ok(first);
        }
        let mut parts = vec![first];
        while p.accept(",") && !p.sees("]") {
            parts.push(slice(p)?);
        }
        p.expect("]")?;
        p.make(line, ExprKind::Tuple(parts))
    })
}

fn slice<'a>(p: &mut Parser<'a>) -> Read<Expr<'a>> {
    let line = p.line();
    let first = if p.sees(":") {
        None
    } else {
        Some(named_or_starred(p)?)
    };
    if !p.sees(":") {
        return first.ok_or(Refused);
    }
    let mut parts = vec![first];
    while p.accept(":") && parts.len() < 3 {
        let next = if p.sees_any(&[":", "]", ","]) {
            None
        } else {
            Some(expression(p)?)
        };
        parts.push(next);
    }
    p.make(line, ExprKind::Slice(parts))
}
