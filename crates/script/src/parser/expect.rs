//! Expectations: claims about a run, e.g. `expect total 3s ± 1%`.

use super::{Parse, Reported, ScriptParser, value};
use crate::diagnostic::Diagnostic;
use crate::diagnostics::{Want, WordsOf};
use crate::highlight::Class;
use crate::lexer::TokenKind;
use crate::suggest;
use crate::syntax::{BoundNode, ClaimNode, ExpectNode, StatementNodeKind, ToleranceNode};
use crate::vocabulary::*;
use model::workload::{Comparison, Percentile};

/// E.g. `expect total 9s`, `expect ping 6 done <= 20s` or `expect order toast, pasta`.
pub(super) fn expect(p: &mut ScriptParser) -> Parse<StatementNodeKind> {
    p.take_as(Class::Keyword);
    Ok(StatementNodeKind::Expect(ExpectNode { claim: claim(p)? }))
}

/// The text behind `expect`.
pub(super) fn claim(p: &mut ScriptParser) -> Parse<ClaimNode> {
    if percentile_ahead(p).is_some() {
        return latency_claim(p);
    }
    match stage_ahead(p) {
        Some(_) => task_claim(p),
        None => run_claim(p),
    }
}

/// The stage of a claim about a task: a name, an optional number, and a stage. Looks ahead,
/// because a task may have the name of a claim, e.g. `total done 3s`. In `order done, a` the
/// words are names.
fn stage_ahead(p: &ScriptParser) -> Option<StageWord> {
    p.nth_word(0)?;
    let at = if p.nth_is(1, TokenKind::Number) { 2 } else { 1 };
    let stage = lookup(STAGES, p.nth_word(at)?)?;
    (!p.nth_is(at + 1, TokenKind::Comma)).then_some(stage)
}

/// The percentile of a claim about the latencies of a task, e.g. of `ping p95 < 500ms`.
fn percentile_ahead(p: &ScriptParser) -> Option<Percentile> {
    p.nth_word(0)?;
    let percentile = lookup(PERCENTILES, p.nth_word(1)?)?;
    (!p.nth_is(2, TokenKind::Comma)).then_some(percentile)
}

/// E.g. `ping p95 < 500ms`.
fn latency_claim(p: &mut ScriptParser) -> Parse<ClaimNode> {
    let name = value::name(p, Want::TaskName)?;
    let Some(percentile) = p.word().and_then(|word| lookup(PERCENTILES, word)) else {
        return Err(p.expected(Want::Stage));
    };
    p.take_as(Class::Keyword);
    Ok(ClaimNode::Latency {
        name,
        percentile,
        bound: bound(p)?,
    })
}

/// E.g. `pasta done 8s`, `ping 41 started 5s` or `a failed`.
fn task_claim(p: &mut ScriptParser) -> Parse<ClaimNode> {
    let name = value::name(p, Want::TaskName)?;
    let number = if p.is(TokenKind::Number) {
        Some(value::count(p, Want::Count)?)
    } else {
        None
    };
    let stage = p.word().and_then(|word| lookup(STAGES, word));
    let Some(stage) = stage else {
        return Err(p.expected(Want::Stage));
    };
    p.take_as(Class::Keyword);
    let bound = if p.at_end() { None } else { Some(bound(p)?) };
    Ok(ClaimNode::Task {
        name,
        number,
        stage,
        bound,
    })
}

/// `total 9s`, `loop lag < 100ms`, `deadlock`
fn run_claim(p: &mut ScriptParser) -> Parse<ClaimNode> {
    if p.is_word("loop")
        && p.nth_word(1)
            .is_some_and(|word| word.eq_ignore_ascii_case("lag"))
    {
        p.take_as(Class::Keyword);
        p.take_as(Class::Keyword);
        return Ok(ClaimNode::LoopLag(bound(p)?));
    }
    let Some(word) = p.word() else {
        return Err(p.expected(Want::Claim));
    };
    let Some(claim) = lookup(CLAIMS, word) else {
        return Err(unknown_claim(p, word));
    };
    p.take_as(Class::Keyword);
    Ok(match claim {
        ClaimWord::Total => ClaimNode::Total(bound(p)?),
        ClaimWord::Freeze => ClaimNode::Freeze(bound(p)?),
        ClaimWord::LoopLag => ClaimNode::LoopLag(bound(p)?),
        ClaimWord::Deadlock => ClaimNode::Deadlock,
        ClaimWord::Order => order(p)?,
        ClaimWord::Threads => ClaimNode::Threads {
            comparison: comparison(p).unwrap_or(Comparison::Equal),
            count: value::count(p, Want::Count)?,
        },
    })
}

/// Reports a misspelt claim, or a task whose stage is missing or misspelt.
fn unknown_claim(p: &mut ScriptParser, word: &str) -> Reported {
    if let Some(near) = suggest::nearest(word, words(CLAIMS).chain(["loop"])) {
        let span = p.current_span();
        return p.report(Diagnostic::unknown_word(
            word,
            Some(near),
            WordsOf::Claim,
            span,
        ));
    }
    p.take_as(Class::Name);
    let number = p.eat(TokenKind::Number);
    // In `a 8s`, the unit is no misspelt stage.
    let is_unit = number && p.touches();
    if let Some(stage) = p.word().filter(|_| !is_unit) {
        let near = suggest::nearest(stage, words(STAGES).chain(words(PERCENTILES)));
        let span = p.current_span();
        return p.report(Diagnostic::unknown_word(stage, near, WordsOf::Stage, span));
    }
    p.expected(Want::Stage)
}

/// E.g. `order toast, pasta`.
fn order(p: &mut ScriptParser) -> Parse<ClaimNode> {
    let mut names = vec![value::name(p, Want::TaskName)?];
    while p.eat(TokenKind::Comma) {
        names.push(value::name(p, Want::TaskName)?);
    }
    if let [only] = names[..] {
        let name = p.text_of(only);
        p.report(Diagnostic::order_of_one(name, only));
    }
    Ok(ClaimNode::Order(names))
}

/// E.g. `9s`, `<= 9s`, `3s ± 1%` or `3s +- 50ms`.
fn bound(p: &mut ScriptParser) -> Parse<BoundNode> {
    let comparison = comparison(p).unwrap_or(Comparison::Equal);
    let value = value::quantity(p, Want::Duration)?;
    let sign = p.current_span();
    let tolerance = if p.eat(TokenKind::PlusMinus) {
        Some(tolerance(p)?)
    } else {
        None
    };
    if tolerance.is_some() && comparison != Comparison::Equal {
        let span = sign.to(p.span_behind());
        p.report(Diagnostic::tolerance_without_equal(comparison, span));
    }
    Ok(BoundNode {
        comparison,
        value,
        tolerance,
    })
}

/// E.g. `1%` or `50ms`.
fn tolerance(p: &mut ScriptParser) -> Parse<ToleranceNode> {
    if p.is(TokenKind::Number) && p.nth_is(1, TokenKind::Percent) {
        let number = p.next_token();
        p.next_token();
        let millionths = value::percent(p, number);
        return Ok(ToleranceNode::Percent { number, millionths });
    }
    Ok(ToleranceNode::Duration(value::quantity(p, Want::Duration)?))
}

fn comparison(p: &mut ScriptParser) -> Option<Comparison> {
    let comparison = match p.token_ahead(0)?.kind {
        TokenKind::Less => Comparison::Less,
        TokenKind::AtMost => Comparison::AtMost,
        TokenKind::Equal => Comparison::Equal,
        TokenKind::AtLeast => Comparison::AtLeast,
        TokenKind::More => Comparison::More,
        _ => return None,
    };
    p.next_token();
    Some(comparison)
}
