//! The formatter's spelling of values, segments and statements. Line breaks are left to
//! [`super::format()`].

use super::lexer::{quote, unquote};
use super::span::Span;
use super::syntax::*;
use super::vocabulary::{PERCENTILES, RESOURCES, SEGMENTS, SETTINGS, STAGES, UNITS, spelling};
use model::workload::{Comparison, GatherMode};

/// A segment without its block, e.g. `cpu 3s "label"`, `spawn f as h` or `timeout 3s`.
pub(super) fn head(text: &str, kind: &SegmentNodeKind) -> String {
    let word = kind.verb().map_or("", |verb| spelling(SEGMENTS, verb));
    let with = |rest: &str| format!("{word} {rest}");
    match kind {
        SegmentNodeKind::Cpu(length, label)
        | SegmentNodeKind::Await(length, label)
        | SegmentNodeKind::Block(length, label) => match label {
            None => with(&self::length(text, length)),
            Some(label) => format!(
                "{word} {} {}",
                self::length(text, length),
                quoted_text(text, *label)
            ),
        },
        SegmentNodeKind::Call(name)
        | SegmentNodeKind::Wait(name)
        | SegmentNodeKind::Cancel(name)
        | SegmentNodeKind::Put(name)
        | SegmentNodeKind::Get(name)
        | SegmentNodeKind::Shutdown(name)
        | SegmentNodeKind::Acquire(name)
        | SegmentNodeKind::Release(name)
        | SegmentNodeKind::Set(name)
        | SegmentNodeKind::Clear(name)
        | SegmentNodeKind::Shield(name) => with(name.of(text)),
        SegmentNodeKind::WaitFor { after, work, .. } => match work {
            WorkNode::Task(task) => format!("{word} {} {}", length(text, after), task.of(text)),
            WorkNode::Body(_) => with(&length(text, after)),
        },
        SegmentNodeKind::With { resource, .. } => with(resource.of(text)),
        SegmentNodeKind::Spawn { task, handle } | SegmentNodeKind::Send { task, handle } => {
            match handle {
                None => with(task.of(text)),
                Some(handle) => format!("{word} {} as {}", task.of(text), handle.of(text)),
            }
        }
        SegmentNodeKind::Gather { mode, members } => {
            let members = self::members_text(text, members);
            match mode {
                GatherMode::Raise => with(&members),
                GatherMode::Collect => format!("{word} all {members}"),
                GatherMode::First => format!("{word} first {members}"),
            }
        }
        SegmentNodeKind::AsCompleted { members, .. } => with(&members_text(text, members)),
        SegmentNodeKind::Offload { work, .. } => match work {
            WorkNode::Task(name) => with(name.of(text)),
            WorkNode::Body(_) => word.to_owned(),
        },
        SegmentNodeKind::Notify { condition, count } => match count {
            None => with(condition.of(text)),
            Some(count) => format!("{word} {} {}", condition.of(text), count.span.of(text)),
        },
        SegmentNodeKind::Print(said) | SegmentNodeKind::Fail(said) => {
            with(&quoted_text(text, *said))
        }
        SegmentNodeKind::Timeout { after, .. } => with(&length(text, after)),
        SegmentNodeKind::Repeat { times, .. } => with(times.span.of(text)),
        SegmentNodeKind::Yield
        | SegmentNodeKind::Respond
        | SegmentNodeKind::Group(_)
        | SegmentNodeKind::Try { .. }
        | SegmentNodeKind::Forever(_)
        | SegmentNodeKind::Broken => word.to_owned(),
    }
}

/// E.g. `async def pasta:`.
pub(super) fn header(text: &str, task: &TaskNode) -> String {
    let prefix = match task.header {
        TaskHeader::Bare => "",
        TaskHeader::AsyncDef => "async def ",
        TaskHeader::Def => "def ",
    };
    format!("{prefix}{}:", task.name.of(text))
}

/// E.g. `cores 4` or `gil off`.
pub(super) fn setting(text: &str, setting: &SettingNode) -> String {
    let value = match setting.value {
        SettingValue::Count(count) => count.span.of(text).to_owned(),
        SettingValue::Duration(value) => quantity(text, value),
        SettingValue::On => "on".to_owned(),
        SettingValue::Off => "off".to_owned(),
        SettingValue::Version(version) => version.of(text).to_owned(),
    };
    format!("{} {value}", spelling(SETTINGS, setting.word))
}

/// E.g. `queue q 10` or `pool db 15 timeout 30s`.
pub(super) fn resource(text: &str, resource: &ResourceNode) -> String {
    let word = spelling(RESOURCES, resource.word);
    let mut written = format!("{word} {}", resource.name.of(text));
    if let Some(size) = resource.size {
        written.push_str(&format!(" {}", size.span.of(text)));
    }
    if let Some(timeout) = resource.timeout {
        written.push_str(&format!(" timeout {}", quantity(text, timeout)));
    }
    written
}

/// E.g. `run 100 ping every 10ms from 2s`.
pub(super) fn run(text: &str, run: &RunNode) -> String {
    let members = members_text(text, &run.members);
    let from = |from: Option<Quantity>| {
        from.map_or_else(String::new, |from| {
            format!(" from {}", quantity(text, from))
        })
    };
    match run.arrivals {
        ArrivalsNode::AtOnce => format!("run {members}"),
        ArrivalsNode::At(at) => format!("run {members} at {}", quantity(text, at)),
        ArrivalsNode::Every { gap, from: start } => {
            format!("run {members} every {}{}", quantity(text, gap), from(start))
        }
        ArrivalsNode::Rate { rate, from: start } => format!(
            "run {members} at {}/{}{}",
            number_text(text, rate.number),
            spelling(UNITS, rate.unit),
            from(start)
        ),
    }
}

/// A claim without `expect`, e.g. `total 3s ± 1%`.
pub(super) fn claim(text: &str, claim: &ClaimNode) -> String {
    match claim {
        ClaimNode::Total(value) => format!("total {}", bound(text, value)),
        ClaimNode::LoopLag(value) => format!("loop lag {}", bound(text, value)),
        ClaimNode::Freeze(value) => format!("freeze {}", bound(text, value)),
        ClaimNode::Deadlock => "deadlock".to_owned(),
        ClaimNode::Threads { comparison, count } => {
            let number = count.span.of(text);
            let sign = comparison_sign(*comparison);
            format!("threads {}", with_sign(sign, number))
        }
        ClaimNode::Order(names) => {
            let names: Vec<_> = names.iter().map(|name| name.of(text)).collect();
            format!("order {}", names.join(", "))
        }
        ClaimNode::Task {
            name,
            number,
            stage,
            bound: limit,
        } => {
            let mut words = vec![name.of(text).to_owned()];
            words.extend(number.map(|number| number.span.of(text).to_owned()));
            words.push(spelling(STAGES, *stage).to_owned());
            words.extend(limit.as_ref().map(|limit| bound(text, limit)));
            words.join(" ")
        }
        ClaimNode::Latency {
            name,
            percentile,
            bound: limit,
        } => {
            let percentile = spelling(PERCENTILES, *percentile);
            format!("{} {percentile} {}", name.of(text), bound(text, limit))
        }
    }
}

fn bound(text: &str, bound: &BoundNode) -> String {
    let value = quantity(text, bound.value);
    let written = with_sign(comparison_sign(bound.comparison), &value);
    match bound.tolerance {
        None => written,
        Some(ToleranceNode::Percent {
            number: percent, ..
        }) => {
            format!("{written} ± {}%", number_text(text, percent))
        }
        Some(ToleranceNode::Duration(value)) => format!("{written} ± {}", quantity(text, value)),
    }
}

fn with_sign(sign: &str, value: &str) -> String {
    match sign {
        "" => value.to_owned(),
        sign => format!("{sign} {value}"),
    }
}

/// E.g. `3s`, `1..3s` or `~200ms`. Numbers stay as written: the author may prefer `1500ms` to
/// `1.5s`.
fn length(text: &str, length: &LengthNode) -> String {
    match length {
        LengthNode::Fixed(value) => quantity(text, *value),
        LengthNode::Exponential(mean) => format!("~{}", quantity(text, *mean)),
        // One unit suffices for both ends, e.g. `1..3ms`.
        LengthNode::Uniform(low, high) if low.unit == high.unit => {
            format!(
                "{}..{}",
                number_text(text, low.number),
                quantity(text, *high)
            )
        }
        LengthNode::Uniform(low, high) => {
            format!("{}..{}", quantity(text, *low), quantity(text, *high))
        }
    }
}

fn quantity(text: &str, quantity: Quantity) -> String {
    let unit = spelling(UNITS, quantity.unit);
    format!("{}{unit}", number_text(text, quantity.number))
}

/// The number as written, except that `.5` becomes `0.5`.
fn number_text(text: &str, span: Span) -> String {
    let written = span.of(text);
    let zero = if written.starts_with('.') { "0" } else { "" };
    format!("{zero}{written}")
}

fn members_text(text: &str, members: &[MemberNode]) -> String {
    let member = |member: &MemberNode| match member.count {
        None => member.name.of(text).to_owned(),
        Some(count) => format!("{} {}", count.span.of(text), member.name.of(text)),
    };
    let members: Vec<_> = members.iter().map(member).collect();
    members.join(", ")
}

fn quoted_text(text: &str, span: Span) -> String {
    quote(&unquote(span.of(text)))
}

/// The sign in front of a bound; an exact value has none.
pub(super) const fn comparison_sign(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Less => "<",
        Comparison::AtMost => "<=",
        Comparison::Equal => "",
        Comparison::AtLeast => ">=",
        Comparison::More => ">",
    }
}
