//! Values: durations, counts, rates, names and texts.

use super::{Parse, ScriptParser};
use crate::diagnostic::Diagnostic;
use crate::diagnostics::Want;
use crate::highlight::Class;
use crate::lexer::TokenKind;
use crate::span::Span;
use crate::suggest;
use crate::syntax::{Count, LengthNode, MemberNode, Quantity, Rate};
use crate::vocabulary::{UNITS, Unit, words};
use model::limits::DURATION_MAX;

/// E.g. `3s`, `1..3s` or `~200ms`.
pub(super) fn length(p: &mut ScriptParser) -> Parse<LengthNode> {
    if p.eat(TokenKind::Tilde) {
        return Ok(LengthNode::Exponential(quantity(p, Want::Duration)?));
    }
    let first = written(p, Want::Duration)?;
    if !p.eat(TokenKind::DotDot) {
        return Ok(LengthNode::Fixed(first.measured(p, None)));
    }
    let second = written(p, Want::UpperEnd)?;
    let low = first.measured(p, second.unit);
    let high = second.measured(p, first.unit);
    if low.nanos > high.nanos {
        p.report(Diagnostic::range_reversed(p.text, &low, &high));
    }
    Ok(LengthNode::Uniform(low, high))
}

/// E.g. `3`, `150ms` or `2분`.
pub(super) fn quantity(p: &mut ScriptParser, want: Want) -> Parse<Quantity> {
    Ok(written(p, want)?.measured(p, None))
}

/// A number with its unit, before the unit of a bare number is known.
#[derive(Clone, Copy)]
struct Written {
    span: Span,
    number: Span,
    unit: Option<Unit>,
}

fn written(p: &mut ScriptParser, want: Want) -> Parse<Written> {
    let start = p.current_span();
    let negative = p.is(TokenKind::Minus) && p.nth_is(1, TokenKind::Number);
    if negative {
        p.next_token();
    }
    if !p.is(TokenKind::Number) {
        return Err(p.expected(want));
    }
    let number = p.next_token();
    let unit = unit(p);
    let span = start.to(p.span_behind());
    if negative {
        p.report(Diagnostic::negative_number(p.text, span));
    }
    Ok(Written { span, number, unit })
}

/// E.g. `s`, `ms` or `초`, directly after the number or after a space.
fn unit(p: &mut ScriptParser) -> Option<Unit> {
    let word = p.word()?;
    let unit = Unit::read(word);
    // A separate word is a unit only if it looks like one: in `cpu 3 x` it is an error of its
    // own.
    if unit.is_none() && (p.touches() || Unit::slip(word).is_some()) {
        let near = Unit::slip(word).or_else(|| suggest::nearest(word, words(UNITS)));
        let span = p.take_as(Class::Unit);
        p.report(Diagnostic::unknown_unit(word, near, span));
        return Some(Unit::Second);
    }
    if unit.is_some() {
        p.take_as(Class::Unit);
    }
    unit
}

impl Written {
    /// Converts it to nanoseconds. `others` is the unit of the other end of a range, e.g. `ms`
    /// for the 1 in `1..3ms`.
    fn measured(self, p: &mut ScriptParser, others: Option<Unit>) -> Quantity {
        let unit = self.unit.or(others).unwrap_or(Unit::Second);
        let number = p.text_of(self.number);
        let nanos = match scale_number(number, u128::from(unit.nanos())) {
            Ok(nanos) if nanos <= u128::from(DURATION_MAX.as_nanos()) => nanos as u64,
            Ok(_) | Err(Inexact::TooLarge) => {
                p.report(Diagnostic::duration_too_long(p.text, self.span));
                0
            }
            Err(Inexact::TooFine) => {
                p.report(Diagnostic::duration_too_fine(p.text, self.span));
                0
            }
        };
        Quantity {
            span: self.span,
            number: self.number,
            unit,
            nanos,
        }
    }
}

enum Inexact {
    TooLarge,
    TooFine,
}

/// `number × scale`, exactly. Numbers that exceed 128 bits are too large.
fn scale_number(number: &str, scale: u128) -> Result<u128, Inexact> {
    let number = number.replace('_', "");
    let (whole, fraction) = number.split_once('.').unwrap_or((&number, ""));
    let fraction = fraction.trim_end_matches('0');
    let digits: String = [whole, fraction].concat();
    let digits = digits.trim_start_matches('0');
    if digits.is_empty() {
        return Ok(0);
    }
    let value: u128 = digits.parse().map_err(|_| Inexact::TooLarge)?;
    let scaled = value.checked_mul(scale).ok_or(Inexact::TooLarge)?;
    let divisor = u32::try_from(fraction.len())
        .ok()
        .and_then(|places| 10u128.checked_pow(places))
        .ok_or(Inexact::TooFine)?;
    if scaled % divisor != 0 {
        return Err(Inexact::TooFine);
    }
    Ok(scaled / divisor)
}

/// A percentage in millionths, e.g. `1%` → 10 000.
pub(super) fn percent(p: &mut ScriptParser, number: Span) -> u32 {
    match scale_number(p.text_of(number), 10_000) {
        Ok(millionths) if millionths <= 1_000_000 => millionths as u32,
        Ok(_) | Err(Inexact::TooLarge) => {
            p.report(Diagnostic::out_of_range(
                "±",
                p.text_of(number),
                "0%",
                "100%",
                number,
            ));
            0
        }
        Err(Inexact::TooFine) => {
            p.report(Diagnostic::duration_too_fine(p.text, number));
            0
        }
    }
}

/// The `50/s` of `at 50/s`.
pub(super) fn rate(p: &mut ScriptParser) -> Parse<Rate> {
    let start = p.current_span();
    let number = p.next_token();
    p.eat(TokenKind::Slash);
    let Some(unit) = p.word().and_then(Unit::read) else {
        return Err(p.expected(Want::RateUnit));
    };
    p.take_as(Class::Unit);
    let span = start.to(p.span_behind());
    let gap_nanos = gap_nanos(p.text_of(number), unit).unwrap_or_else(|| {
        p.report(Diagnostic::out_of_range(
            "at",
            p.text_of(span),
            "1/24h",
            "1/ns",
            span,
        ));
        0
    });
    Ok(Rate {
        number,
        unit,
        gap_nanos,
    })
}

/// The mean gap of a rate, rounded to the nanosecond, e.g. `50/s` → 20 000 000.
fn gap_nanos(number: &str, unit: Unit) -> Option<u64> {
    const SCALE: u128 = 1_000_000_000;
    let rate = scale_number(number, SCALE).ok().filter(|&rate| rate > 0)?;
    let gap = (u128::from(unit.nanos()) * SCALE + rate / 2) / rate;
    let longest = u128::from(DURATION_MAX.as_nanos());
    (1..=longest).contains(&gap).then_some(gap as u64)
}

/// An integer, e.g. `100`.
pub(super) fn count(p: &mut ScriptParser, want: Want) -> Parse<Count> {
    let start = p.current_span();
    let negative = p.is(TokenKind::Minus) && p.nth_is(1, TokenKind::Number);
    if negative {
        p.next_token();
    }
    if !p.is(TokenKind::Number) {
        return Err(p.expected(want));
    }
    let number = p.next_token();
    // `3s` where a count is expected is one mistake, not two.
    if p.touches() && p.is(TokenKind::Word) {
        p.next_token();
        let span = start.to(p.span_behind());
        return Err(p.report(Diagnostic::not_whole(p.text, span)));
    }
    if negative {
        let span = start.to(number);
        return Err(p.report(Diagnostic::negative_number(p.text, span)));
    }
    let digits = p.text_of(number).replace('_', "");
    if digits.contains('.') {
        return Err(p.report(Diagnostic::not_whole(p.text, number)));
    }
    // Numbers that exceed 64 bits are reported like any other count beyond its limit.
    let value = digits.parse().unwrap_or(u64::MAX);
    Ok(Count {
        span: number,
        value,
    })
}

/// A name; lowering checks that it exists.
pub(super) fn name(p: &mut ScriptParser, want: Want) -> Parse<Span> {
    if !p.is(TokenKind::Word) {
        return Err(p.expected(want));
    }
    let name = p.take_as(Class::Name);
    // `call f()`, as in Python.
    if p.is(TokenKind::OpenParen) && p.touches() && p.nth_is(1, TokenKind::CloseParen) {
        p.next_token();
        p.next_token();
    }
    Ok(name)
}

/// E.g. `f, 3 g`.
pub(super) fn members(p: &mut ScriptParser) -> Parse<Vec<MemberNode>> {
    let mut members = Vec::new();
    loop {
        let count = if p.is(TokenKind::Number) || p.is(TokenKind::Minus) {
            Some(count(p, Want::Count)?)
        } else {
            None
        };
        members.push(MemberNode {
            count,
            name: name(p, Want::TaskName)?,
        });
        if !p.eat(TokenKind::Comma) {
            return Ok(members);
        }
    }
}

/// E.g. `"text"`.
pub(super) fn text(p: &mut ScriptParser) -> Parse<Span> {
    if !p.is(TokenKind::Text) {
        return Err(p.expected(Want::Text));
    }
    Ok(p.next_token())
}

/// A dotted path, e.g. `requests.get`, or else any single token.
pub(super) fn path(p: &mut ScriptParser) -> Span {
    let start = p.next_token();
    while p.is(TokenKind::Dot) && p.nth_is(1, TokenKind::Word) {
        p.next_token();
        p.next_token();
    }
    start.to(p.span_behind())
}
