//! Expressions, from the loosest binding to the tightest.

use super::super::lexer::Kind;
use super::super::tree::{Binary, Comparison, Expr, ExprKind, Parameter, ParameterKind, Unary};
use super::atom::primary;
use super::{Parser, Read, Refused, is_keyword};

/// `a, *b, c`: a tuple if there is a comma. Also `yield x`.
pub(super) fn expressions<'a>(p: &mut Parser<'a>) -> Read<Expr<'a>> {
    if p.sees("yield") {
        return yielded(p);
    }
    list(p, named_or_starred)
}

fn list<'a>(p: &mut Parser<'a>, read: fn(&mut Parser<'a>) -> Read<Expr<'a>>) -> Read<Expr<'a>> {
    let line = p.line();
    let first = read(p)?;
    if !p.sees(",") {
        return Ok(first);
    }
    let mut parts = vec![first];
    while p.accept(",") {
        if !begins_expression(p) {
            break;
        }
        parts.push(read(p)?);
    }
    p.make(line, ExprKind::Tuple(parts))
}

/// What `for` and `del` name: `a, (b, *c)`.
pub(super) fn target_list<'a>(p: &mut Parser<'a>) -> Read<Expr<'a>> {
    list(p, target)
}

/// Up to an `in`, which would otherwise be a comparison.
pub(super) fn target<'a>(p: &mut Parser<'a>) -> Read<Expr<'a>> {
    let line = p.line();
    if p.accept("*") {
        let inner = primary(p)?;
        return p.make(line, ExprKind::Starred(Box::new(inner)));
    }
    primary(p)
}

pub(super) fn named_or_starred<'a>(p: &mut Parser<'a>) -> Read<Expr<'a>> {
    let line = p.line();
    if p.accept("*") {
        let inner = binary(p, Rank::Or)?;
        return p.make(line, ExprKind::Starred(Box::new(inner)));
    }
    named(p)
}

fn begins_expression(p: &Parser) -> bool {
    let token = p.token();
    match token.kind {
        Kind::Name => {
            !is_keyword(token.text)
                || p.sees_any(&["not", "lambda", "await", "None", "True", "False", "yield"])
        }
        Kind::Number | Kind::Text => true,
        Kind::Sign => p.sees_any(&["(", "[", "{", "-", "+", "~", "...", "*"]),
        _ => false,
    }
}

/// `yield`, `yield x`, `yield from x`
pub(super) fn yielded<'a>(p: &mut Parser<'a>) -> Read<Expr<'a>> {
    let line = p.line();
    p.expect("yield")?;
    if p.accept("from") {
        let inner = expression(p)?;
        return p.make(line, ExprKind::YieldFrom(Box::new(inner)));
    }
    let inner = match begins_expression(p) {
        true => Some(Box::new(expressions(p)?)),
        false => None,
    };
    p.make(line, ExprKind::Yield(inner))
}

/// `x := y`
pub(super) fn named<'a>(p: &mut Parser<'a>) -> Read<Expr<'a>> {
    let line = p.line();
    let first = expression(p)?;
    if !p.accept(":=") {
        return Ok(first);
    }
    let value = expression(p)?;
    p.make(line, ExprKind::Named(Box::new(first), Box::new(value)))
}

/// `a if b else c`, `lambda: a`
pub(super) fn expression<'a>(p: &mut Parser<'a>) -> Read<Expr<'a>> {
    p.nested(|p| {
        let line = p.line();
        if p.accept("lambda") {
            let parameters = parameters(p, ":", false)?;
            p.expect(":")?;
            let body = expression(p)?;
            return p.make(line, ExprKind::Lambda(parameters, Box::new(body)));
        }
        let body = binary(p, Rank::Or)?;
        if !p.accept("if") {
            return Ok(body);
        }
        let test = binary(p, Rank::Or)?;
        p.expect("else")?;
        let orelse = expression(p)?;
        p.make(
            line,
            ExprKind::Conditional {
                test: Box::new(test),
                body: Box::new(body),
                orelse: Box::new(orelse),
            },
        )
    })
}

/// `a, /, b=1, *args, c, **kwargs` up to `close`.
pub(super) fn parameters<'a>(
    p: &mut Parser<'a>,
    close: &str,
    annotated: bool,
) -> Read<Vec<Parameter<'a>>> {
    let mut found = Vec::new();
    let mut kind = ParameterKind::Positional;
    while !p.sees(close) {
        if p.accept("/") || (p.sees("*") && p.ahead(1).text == ",") {
            if p.accept("*") {
                kind = ParameterKind::Keyword;
            }
        } else {
            found.push(parameter(p, &mut kind, annotated)?);
        }
        if !p.accept(",") {
            break;
        }
    }
    Ok(found)
}

fn parameter<'a>(
    p: &mut Parser<'a>,
    kind: &mut ParameterKind,
    annotated: bool,
) -> Read<Parameter<'a>> {
    let own = if p.accept("**") {
        ParameterKind::Keywords
    } else if p.accept("*") {
        *kind = ParameterKind::Keyword;
        ParameterKind::Rest
    } else {
        *kind
    };
    let name = p.name()?;
    let annotation = match annotated && p.accept(":") {
        true => Some(named_or_starred(p)?),
        false => None,
    };
    let default = p.accept("=").then(|| expression(p)).transpose()?;
    Ok(Parameter {
        name,
        kind: own,
        annotation,
        default,
    })
}

/// How tightly an operator binds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    Or,
    And,
    Not,
    Compare,
    BitOr,
    BitXor,
    BitAnd,
    Shift,
    Sum,
    Product,
    Unary,
}

impl Rank {
    fn tighter(self) -> Self {
        match self {
            Self::Or => Self::And,
            Self::And => Self::Not,
            Self::Not => Self::Compare,
            Self::Compare => Self::BitOr,
            Self::BitOr => Self::BitXor,
            Self::BitXor => Self::BitAnd,
            Self::BitAnd => Self::Shift,
            Self::Shift => Self::Sum,
            Self::Sum => Self::Product,
            Self::Product | Self::Unary => Self::Unary,
        }
    }

    fn of(sign: &str) -> Option<(Self, Binary)> {
        Some(match sign {
            "|" => (Self::BitOr, Binary::BitOr),
            "^" => (Self::BitXor, Binary::BitXor),
            "&" => (Self::BitAnd, Binary::BitAnd),
            "<<" => (Self::Shift, Binary::LShift),
            ">>" => (Self::Shift, Binary::RShift),
            "+" => (Self::Sum, Binary::Add),
            "-" => (Self::Sum, Binary::Sub),
            "*" => (Self::Product, Binary::Mult),
            "/" => (Self::Product, Binary::Div),
            "//" => (Self::Product, Binary::FloorDiv),
            "%" => (Self::Product, Binary::Mod),
            "@" => (Self::Product, Binary::MatMult),
            _ => return None,
        })
    }
}

/// Operands joined by operators of `rank` or tighter.
pub(super) fn binary<'a>(p: &mut Parser<'a>, rank: Rank) -> Read<Expr<'a>> {
    match rank {
        Rank::Or => boolean(p, "or", rank),
        Rank::And => boolean(p, "and", rank),
        Rank::Not => inverted(p),
        Rank::Compare => compared(p),
        Rank::Unary => unary(p),
        _ => arithmetic(p, rank),
    }
}

fn boolean<'a>(p: &mut Parser<'a>, word: &str, rank: Rank) -> Read<Expr<'a>> {
    let line = p.line();
    let first = binary(p, rank.tighter())?;
    if !p.sees(word) {
        return Ok(first);
    }
    let mut parts = vec![first];
    while p.accept(word) {
        parts.push(binary(p, rank.tighter())?);
    }
    p.make(line, ExprKind::Boolean(parts))
}

fn inverted<'a>(p: &mut Parser<'a>) -> Read<Expr<'a>> {
    let line = p.line();
    if !p.accept("not") {
        return compared(p);
    }
    let inner = p.nested(inverted)?;
    p.make(line, ExprKind::Unary(Unary::Not, Box::new(inner)))
}

fn compared<'a>(p: &mut Parser<'a>) -> Read<Expr<'a>> {
    let line = p.line();
    let mut parts = vec![binary(p, Rank::BitOr)?];
    let mut signs = Vec::new();
    while let Some(sign) = comparison(p) {
        signs.push(sign);
        parts.push(binary(p, Rank::BitOr)?);
    }
    match signs.is_empty() {
        true => parts.pop().ok_or(Refused),
        false => p.make(line, ExprKind::Compare(parts, signs)),
    }
}

fn comparison(p: &mut Parser) -> Option<Comparison> {
    let found = match p.token().text {
        _ if !matches!(p.token().kind, Kind::Sign | Kind::Name) => return None,
        "==" => Comparison::Eq,
        "!=" => Comparison::NotEq,
        "<" => Comparison::Lt,
        "<=" => Comparison::LtE,
        ">" => Comparison::Gt,
        ">=" => Comparison::GtE,
        "in" => Comparison::In,
        "is" if p.ahead(1).text == "not" => {
            p.step();
            Comparison::IsNot
        }
        "is" => Comparison::Is,
        "not" if p.ahead(1).text == "in" => {
            p.step();
            Comparison::NotIn
        }
        _ => return None,
    };
    p.step();
    Some(found)
}

fn arithmetic<'a>(p: &mut Parser<'a>, rank: Rank) -> Read<Expr<'a>> {
    let line = p.line();
    let mut parts = vec![binary(p, rank.tighter())?];
    let mut signs = Vec::new();
    while p.is(Kind::Sign)
        && let Some((found, sign)) = Rank::of(p.token().text)
        && found == rank
    {
        p.step();
        signs.push(sign);
        parts.push(binary(p, rank.tighter())?);
    }
    match signs.is_empty() {
        true => parts.pop().ok_or(Refused),
        false => p.make(line, ExprKind::Binary(parts, signs)),
    }
}

/// `-x`, and `x ** -y`, which binds tighter on its left.
fn unary<'a>(p: &mut Parser<'a>) -> Read<Expr<'a>> {
    let line = p.line();
    let sign = match p.token().text {
        _ if !p.is(Kind::Sign) => return power(p),
        "-" => Unary::Minus,
        "+" => Unary::Plus,
        "~" => Unary::Invert,
        _ => return power(p),
    };
    p.step();
    let inner = p.nested(unary)?;
    p.make(line, ExprKind::Unary(sign, Box::new(inner)))
}

fn power<'a>(p: &mut Parser<'a>) -> Read<Expr<'a>> {
    let line = p.line();
    let base = awaited(p)?;
    if !p.accept("**") {
        return Ok(base);
    }
    let exponent = p.nested(unary)?;
    p.make(
        line,
        ExprKind::Binary(vec![base, exponent], vec![Binary::Pow]),
    )
}

fn awaited<'a>(p: &mut Parser<'a>) -> Read<Expr<'a>> {
    let line = p.line();
    if !p.accept("await") {
        return primary(p);
    }
    let inner = primary(p)?;
    p.make(line, ExprKind::Await(Box::new(inner)))
}
