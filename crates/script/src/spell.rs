//! The formatter's spelling of values, segments and statements. Line breaks are left to
//! [`super::format()`].

use super::lexer::{quote, unquote};
use super::span::Span;
use super::syntax::*;
use super::vocabulary::{RESOURCES, SEGMENTS, SETTINGS, STAGES, UNITS, spelling};
use model::workload::Comparison;

/// A segment without its block, e.g. `cpu 3s "label"`, `spawn f as h` or `timeout 3s`.
pub(super) fn head(text: &str, kind: &StepKind) -> String {
    let word = kind.verb().map_or("", |verb| spelling(SEGMENTS, verb));
    let with = |rest: &str| format!("{word} {rest}");
    match kind {
        StepKind::Cpu(length, label)
        | StepKind::Await(length, label)
        | StepKind::Block(length, label) => match label {
            None => with(&self::length(text, length)),
            Some(label) => format!(
                "{word} {} {}",
                self::length(text, length),
                quoted(text, *label)
            ),
        },
        StepKind::Call(name)
        | StepKind::Wait(name)
        | StepKind::Cancel(name)
        | StepKind::Put(name)
        | StepKind::Get(name)
        | StepKind::Acquire(name)
        | StepKind::Release(name)
        | StepKind::Set(name)
        | StepKind::Clear(name)
        | StepKind::Shield(name) => with(name.of(text)),
        StepKind::With { resource, .. } => with(resource.of(text)),
        StepKind::Spawn { task, handle } | StepKind::Send { task, handle } => match handle {
            None => with(task.of(text)),
            Some(handle) => format!("{word} {} as {}", task.of(text), handle.of(text)),
        },
        StepKind::Gather { all, members } => {
            let members = self::members(text, members);
            if *all {
                format!("{word} all {members}")
            } else {
                with(&members)
            }
        }
        StepKind::Offload { work, .. } => match work {
            Work::Task(name) => with(name.of(text)),
            Work::Body(_) => word.to_owned(),
        },
        StepKind::Notify { condition, count } => match count {
            None => with(condition.of(text)),
            Some(count) => format!("{word} {} {}", condition.of(text), count.span.of(text)),
        },
        StepKind::Print(said) | StepKind::Fail(said) => with(&quoted(text, *said)),
        StepKind::Timeout { after, .. } => with(&length(text, after)),
        StepKind::Repeat { times, .. } => with(times.span.of(text)),
        StepKind::Yield
        | StepKind::Respond
        | StepKind::Group(_)
        | StepKind::Try { .. }
        | StepKind::Forever(_)
        | StepKind::Broken => word.to_owned(),
    }
}

/// E.g. `async def pasta:`.
pub(super) fn header(text: &str, task: &Task) -> String {
    let prefix = match task.header {
        Header::Bare => "",
        Header::AsyncDef => "async def ",
        Header::Def => "def ",
    };
    format!("{prefix}{}:", task.name.of(text))
}

/// E.g. `cores 4` or `gil off`.
pub(super) fn setting(text: &str, setting: &Setting) -> String {
    let value = match setting.value {
        SettingValue::Count(count) => count.span.of(text).to_owned(),
        SettingValue::Duration(value) => quantity(text, value),
        SettingValue::On => "on".to_owned(),
        SettingValue::Off => "off".to_owned(),
    };
    format!("{} {value}", spelling(SETTINGS, setting.word))
}

/// E.g. `queue q 10`.
pub(super) fn resource(text: &str, resource: &Resource) -> String {
    let word = spelling(RESOURCES, resource.word);
    let name = resource.name.of(text);
    match resource.size {
        None => format!("{word} {name}"),
        Some(size) => format!("{word} {name} {}", size.span.of(text)),
    }
}

/// E.g. `run 100 ping every 10ms from 2s`.
pub(super) fn run(text: &str, run: &Run) -> String {
    let members = members(text, &run.members);
    let from = |from: Option<Quantity>| {
        from.map_or_else(String::new, |from| {
            format!(" from {}", quantity(text, from))
        })
    };
    match run.arrivals {
        Arrivals::AtOnce => format!("run {members}"),
        Arrivals::At(at) => format!("run {members} at {}", quantity(text, at)),
        Arrivals::Every { gap, from: start } => {
            format!("run {members} every {}{}", quantity(text, gap), from(start))
        }
        Arrivals::Rate { rate, from: start } => format!(
            "run {members} at {}/{}{}",
            number(text, rate.number),
            spelling(UNITS, rate.unit),
            from(start)
        ),
    }
}

/// A claim without `expect`, e.g. `total 3s ± 1%`.
pub(super) fn claim(text: &str, claim: &Claim) -> String {
    match claim {
        Claim::Total(value) => format!("total {}", bound(text, value)),
        Claim::LoopLag(value) => format!("loop lag {}", bound(text, value)),
        Claim::Freeze(value) => format!("freeze {}", bound(text, value)),
        Claim::Deadlock => "deadlock".to_owned(),
        Claim::Threads { comparison, count } => {
            let number = count.span.of(text);
            let sign = comparison_sign(*comparison);
            format!("threads {}", with_sign(sign, number))
        }
        Claim::Order(names) => {
            let names: Vec<_> = names.iter().map(|name| name.of(text)).collect();
            format!("order {}", names.join(", "))
        }
        Claim::Task {
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
    }
}

fn bound(text: &str, bound: &Bound) -> String {
    let value = quantity(text, bound.value);
    let written = with_sign(comparison_sign(bound.comparison), &value);
    match bound.tolerance {
        None => written,
        Some(Tolerance::Percent {
            number: percent, ..
        }) => {
            format!("{written} ± {}%", number(text, percent))
        }
        Some(Tolerance::Duration(value)) => format!("{written} ± {}", quantity(text, value)),
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
fn length(text: &str, length: &Length) -> String {
    match length {
        Length::Fixed(value) => quantity(text, *value),
        Length::Exponential(mean) => format!("~{}", quantity(text, *mean)),
        // One unit suffices for both ends, e.g. `1..3ms`.
        Length::Uniform(low, high) if low.unit == high.unit => {
            format!("{}..{}", number(text, low.number), quantity(text, *high))
        }
        Length::Uniform(low, high) => {
            format!("{}..{}", quantity(text, *low), quantity(text, *high))
        }
    }
}

fn quantity(text: &str, quantity: Quantity) -> String {
    let unit = spelling(UNITS, quantity.unit);
    format!("{}{unit}", number(text, quantity.number))
}

/// The number as written, except that `.5` becomes `0.5`.
fn number(text: &str, span: Span) -> String {
    let written = span.of(text);
    let zero = if written.starts_with('.') { "0" } else { "" };
    format!("{zero}{written}")
}

fn members(text: &str, members: &[Member]) -> String {
    let member = |member: &Member| match member.count {
        None => member.name.of(text).to_owned(),
        Some(count) => format!("{} {}", count.span.of(text), member.name.of(text)),
    };
    let members: Vec<_> = members.iter().map(member).collect();
    members.join(", ")
}

fn quoted(text: &str, span: Span) -> String {
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
