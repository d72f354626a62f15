//! Names, literals, brackets, and the suffixes `.name`, `(…)`, `[…]`.

use super::super::lexer::{PythonTokenKind, format_fields, split_literal, tokens_inside};
use super::super::tree::{
    Argument, ArgumentName, Comprehension, ComprehensionClause, ComprehensionKind, ExprKind,
    PythonExpr,
};
use super::expression::{
    Rank, arithmetic, disjunction, expression, expressions, named, named_or_starred, target_list,
    yielded,
};
use super::{NoMatch, Parser, Read, is_keyword};

/// `a.b(c)[d]`
pub(super) fn primary<'a>(p: &mut Parser<'a>) -> Read<PythonExpr<'a>> {
    let line = p.current_line();
    let mut found = atom(p)?;
    loop {
        let kind = if p.accept(".") {
            ExprKind::Attribute(Box::new(found), p.expect_name()?)
        } else if p.accept("(") {
            ExprKind::Call(Box::new(found), arguments(p)?)
        } else if p.accept("[") {
            let index = subscript(p)?;
            ExprKind::Subscript(Box::new(found), Box::new(index))
        } else {
            return Ok(found);
        };
        found = p.make_expr(line, kind)?;
    }
}

fn atom<'a>(p: &mut Parser<'a>) -> Read<PythonExpr<'a>> {
    let line = p.current_line();
    let token = p.current_token();
    let kind = match token.kind {
        PythonTokenKind::Text => return texts(p),
        PythonTokenKind::Number => ExprKind::Number(token.text),
        PythonTokenKind::Name => match token.text {
            "None" => ExprKind::None,
            "True" => ExprKind::True,
            "False" => ExprKind::False,
            word if is_keyword(word) => return Err(NoMatch),
            name => ExprKind::Name(name),
        },
        PythonTokenKind::Sign => {
            return match token.text {
                "(" => p.parse_nested(round),
                "[" => p.parse_nested(square),
                "{" => p.parse_nested(curly),
                "..." => {
                    p.next_token();
                    p.make_expr(line, ExprKind::Ellipsis)
                }
                _ => Err(NoMatch),
            };
        }
        _ => return Err(NoMatch),
    };
    p.next_token();
    p.make_expr(line, kind)
}

/// Adjacent literals, e.g. `"a" f"{b}"`; Python joins them.
fn texts<'a>(p: &mut Parser<'a>) -> Read<PythonExpr<'a>> {
    let line = p.current_line();
    let (mut text, mut parts) = (String::new(), Vec::new());
    let (mut bytes, mut format) = (false, false);
    while p.is(PythonTokenKind::Text) {
        let token = p.next_token();
        let taken = split_literal(token.text);
        bytes |= taken.bytes;
        format |= taken.format;
        match (taken.format, taken.raw) {
            (true, _) => {
                for field in format_fields(taken.inside, taken.raw) {
                    parts.push(p.parse_nested(|p| field_expression(p, field, line))?);
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
    p.make_expr(line, kind)
}

/// An expression in the braces of an f-string.
fn field_expression<'a>(p: &mut Parser<'a>, field: &'a str, line: u32) -> Read<PythonExpr<'a>> {
    let mut inner = Parser::new(tokens_inside(field, line));
    // The nested parser inherits the depth, so that f-strings in f-strings reach the limit.
    inner.depth = p.depth;
    let found = expressions(&mut inner);
    p.too_deep |= inner.too_deep;
    let found = found?;
    inner
        .is(PythonTokenKind::End)
        .then_some(found)
        .ok_or(NoMatch)
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
fn round<'a>(p: &mut Parser<'a>) -> Read<PythonExpr<'a>> {
    let line = p.current_line();
    p.next_token();
    if p.accept(")") {
        return p.make_expr(line, ExprKind::Tuple(Vec::new()));
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
            ExprKind::Starred(_) => Err(NoMatch),
            _ => Ok(first),
        };
    }
    let parts = rest(p, first, ")")?;
    p.make_expr(line, ExprKind::Tuple(parts))
}

/// `, b, c)`
fn rest<'a>(p: &mut Parser<'a>, first: PythonExpr<'a>, close: &str) -> Read<Vec<PythonExpr<'a>>> {
    let mut parts = vec![first];
    while p.accept(",") && !p.sees(close) {
        parts.push(named_or_starred(p)?);
    }
    p.expect(close)?;
    Ok(parts)
}

fn square<'a>(p: &mut Parser<'a>) -> Read<PythonExpr<'a>> {
    let line = p.current_line();
    p.next_token();
    if p.accept("]") {
        return p.make_expr(line, ExprKind::List(Vec::new()));
    }
    let first = named_or_starred(p)?;
    if begins_clause(p) {
        let found = comprehension(p, ComprehensionKind::List, vec![first], line)?;
        p.expect("]")?;
        return Ok(found);
    }
    let parts = rest(p, first, "]")?;
    p.make_expr(line, ExprKind::List(parts))
}

/// A dictionary, a set or a comprehension, e.g. `{"a": 1}`, `{1, 2}`, `{x for x in y}`.
fn curly<'a>(p: &mut Parser<'a>) -> Read<PythonExpr<'a>> {
    let line = p.current_line();
    p.next_token();
    if p.accept("}") {
        return p.make_expr(line, ExprKind::Dict(Vec::new()));
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
    p.make_expr(line, ExprKind::Set(parts))
}

type DictEntry<'a> = (Option<PythonExpr<'a>>, PythonExpr<'a>);

fn dictionary<'a>(
    p: &mut Parser<'a>,
    mut items: Vec<DictEntry<'a>>,
    line: u32,
) -> Read<PythonExpr<'a>> {
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
    p.make_expr(line, ExprKind::Dict(items))
}

fn begins_clause(p: &Parser) -> bool {
    p.sees("for") || (p.sees("async") && p.token_ahead(1).text == "for")
}

fn comprehension<'a>(
    p: &mut Parser<'a>,
    kind: ComprehensionKind,
    elements: Vec<PythonExpr<'a>>,
    line: u32,
) -> Read<PythonExpr<'a>> {
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
        clauses.push(ComprehensionClause {
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
    p.make_expr(line, ExprKind::Comprehension(Box::new(found)))
}

/// A condition of a comprehension. It cannot be `a if b else c`, because that `if` begins the
/// next condition.
fn condition<'a>(p: &mut Parser<'a>) -> Read<PythonExpr<'a>> {
    let line = p.current_line();
    let first = disjunction(p)?;
    if !p.accept(":=") {
        return Ok(first);
    }
    let value = disjunction(p)?;
    p.make_expr(line, ExprKind::Named(Box::new(first), Box::new(value)))
}

/// The arguments of a call, after `(` and including `)`.
pub(super) fn arguments<'a>(p: &mut Parser<'a>) -> Read<Vec<Argument<'a>>> {
    p.parse_nested(|p| {
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
    let line = p.current_line();
    if p.accept("**") {
        let value = expression(p)?;
        let name = ArgumentName::All;
        return Ok(Argument { name, value });
    }
    if p.accept("*") {
        let inner = expression(p)?;
        let value = p.make_expr(line, ExprKind::Starred(Box::new(inner)))?;
        let name = ArgumentName::Place;
        return Ok(Argument { name, value });
    }
    // A name before `=` is a keyword argument; `==` is a token of its own.
    if p.is(PythonTokenKind::Name)
        && p.token_ahead(1).kind == PythonTokenKind::Sign
        && p.token_ahead(1).text == "="
    {
        let name = ArgumentName::Name(p.expect_name()?);
        p.next_token();
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
fn subscript<'a>(p: &mut Parser<'a>) -> Read<PythonExpr<'a>> {
    p.parse_nested(|p| {
        let line = p.current_line();
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
        p.make_expr(line, ExprKind::Tuple(parts))
    })
}

fn slice<'a>(p: &mut Parser<'a>) -> Read<PythonExpr<'a>> {
    let line = p.current_line();
    let first = if p.sees(":") {
        None
    } else {
        Some(named_or_starred(p)?)
    };
    if !p.sees(":") {
        return first.ok_or(NoMatch);
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
    p.make_expr(line, ExprKind::Slice(parts))
}
