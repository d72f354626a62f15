//! Expressions, from the loosest operator to the tightest.
//!
//! Names, literals, brackets and calls are left to [`super::atom`].

use super::super::lexer::PythonTokenKind;
use super::super::tree::{
    Binary, ExprKind, ParameterKind, PythonComparison, PythonExpr, PythonParameter, Unary,
};
use super::atom::primary;
use super::{Parser, Read, is_keyword};

/// `a, *b, c`: a tuple if it has a comma. Also `yield x`.
pub(super) fn expressions<'a>(p: &mut Parser<'a>) -> Read<PythonExpr<'a>> {
    if p.sees("yield") {
        return yielded(p);
    }
    list(p, named_or_starred)
}

fn list<'a>(
    p: &mut Parser<'a>,
    read: fn(&mut Parser<'a>) -> Read<PythonExpr<'a>>,
) -> Read<PythonExpr<'a>> {
    let line = p.current_line();
    let first = read(p)?;
    if !p.sees(",") {
        return Ok(first);
    }
    let mut parts = vec![first];
    while p.accept(",") {
        // A trailing comma: `a,` is a tuple of one element.
        if !begins_expression(p) {
            break;
        }
        parts.push(read(p)?);
    }
    p.make_expr(line, ExprKind::Tuple(parts))
}

/// The targets of `for`, e.g. `a, (b, *c)`.
pub(super) fn target_list<'a>(p: &mut Parser<'a>) -> Read<PythonExpr<'a>> {
    list(p, target)
}

/// One target. It stops before `in`, which [`expression`] would read as a comparison.
pub(super) fn target<'a>(p: &mut Parser<'a>) -> Read<PythonExpr<'a>> {
    let line = p.current_line();
    if p.accept("*") {
        let inner = primary(p)?;
        return p.make_expr(line, ExprKind::Starred(Box::new(inner)));
    }
    primary(p)
}

pub(super) fn named_or_starred<'a>(p: &mut Parser<'a>) -> Read<PythonExpr<'a>> {
    let line = p.current_line();
    if p.accept("*") {
        let inner = disjunction(p)?;
        return p.make_expr(line, ExprKind::Starred(Box::new(inner)));
    }
    named(p)
}

/// Whether an expression can begin here. It ends a list after a trailing comma, e.g. `a,`.
fn begins_expression(p: &Parser) -> bool {
    let token = p.current_token();
    match token.kind {
        PythonTokenKind::Name => {
            !is_keyword(token.text)
                || p.sees_any(&["not", "lambda", "await", "None", "True", "False"])
        }
        PythonTokenKind::Number | PythonTokenKind::Text => true,
        PythonTokenKind::Sign => p.sees_any(&["(", "[", "{", "-", "+", "~", "...", "*"]),
        _ => false,
    }
}

/// `yield`, `yield x`, `yield from x`
pub(super) fn yielded<'a>(p: &mut Parser<'a>) -> Read<PythonExpr<'a>> {
    let line = p.current_line();
    p.expect("yield")?;
    if p.accept("from") {
        let inner = expression(p)?;
        return p.make_expr(line, ExprKind::YieldFrom(Box::new(inner)));
    }
    // `yield yield x` is refused: the inner one needs brackets, as in CPython.
    let inner = if begins_expression(p) {
        Some(Box::new(list(p, named_or_starred)?))
    } else {
        None
    };
    p.make_expr(line, ExprKind::Yield(inner))
}

/// `x := y`
pub(super) fn named<'a>(p: &mut Parser<'a>) -> Read<PythonExpr<'a>> {
    let line = p.current_line();
    let first = expression(p)?;
    if !p.accept(":=") {
        return Ok(first);
    }
    let value = expression(p)?;
    p.make_expr(line, ExprKind::Named(Box::new(first), Box::new(value)))
}

/// `a if b else c`, `lambda: a`
pub(super) fn expression<'a>(p: &mut Parser<'a>) -> Read<PythonExpr<'a>> {
    let line = p.current_line();
    if p.accept("lambda") {
        return lambda(p, line);
    }
    let body = disjunction(p)?;
    if p.accept("if") {
        conditional(p, line, body)
    } else {
        Ok(body)
    }
}

/// The rest of a `lambda`, e.g. `a, b=1: c`.
fn lambda<'a>(p: &mut Parser<'a>, line: u32) -> Read<PythonExpr<'a>> {
    let parameters = p.parse_nested(|p| parameters(p, ":", false))?;
    p.expect(":")?;
    let body = p.parse_nested(expression)?;
    p.make_expr(line, ExprKind::Lambda(parameters, Box::new(body)))
}

/// The rest of a conditional after `a if`, e.g. `b else c`.
fn conditional<'a>(p: &mut Parser<'a>, line: u32, body: PythonExpr<'a>) -> Read<PythonExpr<'a>> {
    let test = disjunction(p)?;
    p.expect("else")?;
    let orelse = p.parse_nested(expression)?;
    p.make_expr(
        line,
        ExprKind::Conditional {
            test: Box::new(test),
            body: Box::new(body),
            orelse: Box::new(orelse),
        },
    )
}

/// `a, /, b=1, *args, c, **kwargs` up to `close`.
pub(super) fn parameters<'a>(
    p: &mut Parser<'a>,
    close: &str,
    annotated: bool,
) -> Read<Vec<PythonParameter<'a>>> {
    let mut found = Vec::new();
    let mut kind = ParameterKind::Positional;
    while !p.sees(close) {
        // A lone `/` or `*` is a marker. After `*` all parameters are keywords only.
        if p.accept("/") || (p.sees("*") && p.token_ahead(1).text == ",") {
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
) -> Read<PythonParameter<'a>> {
    let own = if p.accept("**") {
        ParameterKind::Keywords
    } else if p.accept("*") {
        *kind = ParameterKind::Keyword;
        ParameterKind::Rest
    } else {
        *kind
    };
    let name = p.expect_name()?;
    let annotation = if annotated && p.accept(":") {
        Some(named_or_starred(p)?)
    } else {
        None
    };
    let default = p.accept("=").then(|| expression(p)).transpose()?;
    Ok(PythonParameter {
        name,
        kind: own,
        annotation,
        default,
    })
}

/// `a or b and not c`. Counts the nesting of expressions, because every expression except a
/// single name or bracket passes here.
pub(super) fn disjunction<'a>(p: &mut Parser<'a>) -> Read<PythonExpr<'a>> {
    p.parse_nested(|p| {
        let line = p.current_line();
        let first = conjunction(p)?;
        if !p.sees("or") {
            return Ok(first);
        }
        let mut parts = vec![first];
        while p.accept("or") {
            parts.push(conjunction(p)?);
        }
        p.make_expr(line, ExprKind::Boolean(parts))
    })
}

fn conjunction<'a>(p: &mut Parser<'a>) -> Read<PythonExpr<'a>> {
    let line = p.current_line();
    let first = inverted(p)?;
    if !p.sees("and") {
        return Ok(first);
    }
    let mut parts = vec![first];
    while p.accept("and") {
        parts.push(inverted(p)?);
    }
    p.make_expr(line, ExprKind::Boolean(parts))
}

fn inverted<'a>(p: &mut Parser<'a>) -> Read<PythonExpr<'a>> {
    let line = p.current_line();
    if !p.accept("not") {
        return compared(p);
    }
    let inner = p.parse_nested(inverted)?;
    p.make_expr(line, ExprKind::Unary(Unary::Not, Box::new(inner)))
}

fn compared<'a>(p: &mut Parser<'a>) -> Read<PythonExpr<'a>> {
    let line = p.current_line();
    let first = arithmetic(p, Rank::BitOr)?;
    let Some(sign) = comparison(p) else {
        return Ok(first);
    };
    let mut parts = vec![first];
    let mut signs = vec![sign];
    loop {
        parts.push(arithmetic(p, Rank::BitOr)?);
        match comparison(p) {
            Some(sign) => signs.push(sign),
            None => return p.make_expr(line, ExprKind::Compare(parts, signs)),
        }
    }
}

fn comparison(p: &mut Parser) -> Option<PythonComparison> {
    let found = match p.current_token().text {
        _ if !matches!(
            p.current_token().kind,
            PythonTokenKind::Sign | PythonTokenKind::Name
        ) =>
        {
            return None;
        }
        "==" => PythonComparison::Eq,
        "!=" => PythonComparison::NotEq,
        "<" => PythonComparison::Lt,
        "<=" => PythonComparison::LtE,
        ">" => PythonComparison::Gt,
        ">=" => PythonComparison::GtE,
        "in" => PythonComparison::In,
        // `is not` and `not in` are two tokens, but one operator.
        "is" if p.token_ahead(1).text == "not" => {
            p.next_token();
            PythonComparison::IsNot
        }
        "is" => PythonComparison::Is,
        "not" if p.token_ahead(1).text == "in" => {
            p.next_token();
            PythonComparison::NotIn
        }
        _ => return None,
    };
    p.next_token();
    Some(found)
}

/// The precedence of an operator; a greater rank binds tighter.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
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

/// `a | b + c * d`: operators of rank `least` and tighter.
///
/// Precedence climbing: an operand alone takes one stack frame, not one per rank.
pub(super) fn arithmetic<'a>(p: &mut Parser<'a>, least: Rank) -> Read<PythonExpr<'a>> {
    let line = p.current_line();
    let mut left = unary(p)?;
    while let Some((rank, _)) = operator(p)
        && rank >= least
    {
        let mut parts = vec![left];
        let mut signs = Vec::new();
        while let Some((found, sign)) = operator(p)
            && found == rank
        {
            p.next_token();
            signs.push(sign);
            parts.push(arithmetic(p, rank.tighter())?);
        }
        left = p.make_expr(line, ExprKind::Binary(parts, signs))?;
    }
    Ok(left)
}

fn operator(p: &Parser) -> Option<(Rank, Binary)> {
    let token = p.current_token();
    Rank::of(token.text).filter(|_| token.kind == PythonTokenKind::Sign)
}

/// `-x` or `x ** -y`. `**` binds tighter than a sign on its left, so `-x ** 2` is `-(x ** 2)`.
fn unary<'a>(p: &mut Parser<'a>) -> Read<PythonExpr<'a>> {
    let line = p.current_line();
    let sign = match p.current_token().text {
        _ if !p.is(PythonTokenKind::Sign) => return power(p),
        "-" => Unary::Minus,
        "+" => Unary::Plus,
        "~" => Unary::Invert,
        _ => return power(p),
    };
    p.next_token();
    let inner = p.parse_nested(unary)?;
    p.make_expr(line, ExprKind::Unary(sign, Box::new(inner)))
}

fn power<'a>(p: &mut Parser<'a>) -> Read<PythonExpr<'a>> {
    let line = p.current_line();
    let base = awaited(p)?;
    if !p.accept("**") {
        return Ok(base);
    }
    let exponent = p.parse_nested(unary)?;
    p.make_expr(
        line,
        ExprKind::Binary(vec![base, exponent], vec![Binary::Pow]),
    )
}

fn awaited<'a>(p: &mut Parser<'a>) -> Read<PythonExpr<'a>> {
    let line = p.current_line();
    if !p.accept("await") {
        return primary(p);
    }
    let inner = primary(p)?;
    p.make_expr(line, ExprKind::Await(Box::new(inner)))
}
