//! Changes of the script's text, as edits.
//!
//! They may be wrong: a trial discards the ones that do not parse or do not help.

use std::fmt::Write;

use super::evidence::Evidence;
use model::workload::{Length, Place, SegmentId, SegmentKind, TaskIndex, TaskKind, Work, Workload};
use script::{Edit, Span};

pub(super) fn span(place: Place) -> Span {
    Span {
        start: place.start,
        end: place.end,
    }
}

pub(super) fn replace(place: Place, text: impl Into<String>) -> Edit {
    Edit {
        span: span(place),
        replacement: text.into(),
    }
}

pub(super) fn insert(byte: u32, text: impl Into<String>) -> Edit {
    Edit {
        span: Span::at(byte),
        replacement: text.into(),
    }
}

/// A length as the language writes it: `3s`, `1s..3s`, `~200ms`.
fn length(length: Length) -> String {
    match length {
        Length::Fixed(duration) => duration.to_string(),
        Length::Uniform { low, high } => format!("{low}..{high}"),
        Length::Exponential { mean } => format!("~{mean}"),
    }
}

fn leaf(verb: &str, time: Length, label: Option<&str>) -> String {
    let mut text = format!("{verb} {}", length(time));
    // A label that needs escapes is dropped; it is only a description.
    if let Some(label) = label.filter(|label| !label.contains(['"', '\n'])) {
        let _ = write!(text, " \"{label}\"");
    }
    text
}

/// Replaces `block 3s` by `await 3s`.
pub(super) fn await_instead(
    workload: &Workload,
    id: SegmentId,
    kind: &SegmentKind,
) -> Option<Edit> {
    let SegmentKind::Block { length, label } = kind else {
        return None;
    };
    Some(replace(
        workload.place(id),
        leaf("await", *length, label.as_deref()),
    ))
}

/// Replaces `cpu 3s` by `process (cpu 3s)`.
pub(super) fn in_process(workload: &Workload, id: SegmentId, kind: &SegmentKind) -> Option<Edit> {
    let SegmentKind::Cpu { length, label } = kind else {
        return None;
    };
    let text = format!("process ({})", leaf("cpu", *length, label.as_deref()));
    Some(replace(workload.place(id), text))
}

/// Turns a `def` handler into a coroutine: `block` becomes `await`, and with `cpu_elsewhere`
/// `cpu` goes to a process.
pub(super) fn async_handler(
    evidence: &Evidence,
    task: TaskIndex,
    cpu_elsewhere: bool,
) -> Option<Vec<Edit>> {
    let workload = evidence.workload;
    let definition = workload.task(task);
    if definition.kind != TaskKind::Sync {
        return None;
    }
    let mut edits = vec![insert(definition.place.start, "async ")];
    for site in evidence.sites().filter(|site| site.task == task) {
        let (id, kind) = (site.segment.id, &site.segment.kind);
        edits.extend(await_instead(workload, id, kind));
        if cpu_elsewhere {
            edits.extend(in_process(workload, id, kind));
        }
    }
    Some(edits)
}

/// Sets a setting, e.g. `pool 80`: replaces its line, or adds one at the top.
pub(super) fn setting(text: &str, word: &str, value: u32) -> Edit {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let code = line.split('#').next().unwrap_or_default();
        // Only at the left margin: an indented line belongs to a task's body.
        let mut words = code.split_whitespace();
        if words.next() == Some(word) && code.starts_with(word) {
            let end = start + code.trim_end().len();
            return Edit {
                span: Span::new(start, end),
                replacement: format!("{word} {value}"),
            };
        }
        start += line.len();
    }
    insert(0, format!("{word} {value}\n"))
}

/// Replaces the verb of a segment, e.g. `thread` by `process`.
pub(super) fn other_verb(text: &str, place: Place, verb: &str) -> Option<Edit> {
    let written = span(place).of(text);
    let word = written.split(|c: char| !c.is_alphanumeric()).next()?;
    let end = place.start + u32::try_from(word.len()).ok()?;
    (!word.is_empty()).then(|| Edit {
        span: Span {
            start: place.start,
            end,
        },
        replacement: verb.to_owned(),
    })
}

/// Moves the first segment of a `with` block before the block.
pub(super) fn hoist(text: &str, with: Place, moved: Place, next: Place) -> Option<Vec<Edit>> {
    let written = span(moved).of(text);
    // On one line: `with l (await 1 -> cpu 1)` becomes `await 1 -> with l (cpu 1)`.
    if moved.line == with.line {
        let before = insert(with.start, format!("{written} -> "));
        let cut = Edit {
            span: Span {
                start: moved.start,
                end: next.start,
            },
            replacement: String::new(),
        };
        return Some(vec![before, cut]);
    }
    let line_of = |byte: u32| {
        text.get(..byte as usize)
            .map(|before| before.rfind('\n').map_or(0, |at| at + 1))
    };
    let (with_line, moved_line, next_line) = (
        line_of(with.start)?,
        line_of(moved.start)?,
        line_of(next.start)?,
    );
    let indent = text.get(with_line..with.start as usize)?;
    // Whole lines can be moved only if the `with` begins its own line.
    let blank = indent.chars().all(char::is_whitespace);
    (blank && next_line > moved_line).then(|| {
        vec![
            insert(with_line as u32, format!("{indent}{written}\n")),
            Edit {
                span: Span::new(moved_line, next_line),
                replacement: String::new(),
            },
        ]
    })
}

/// Replaces an offload of one short computation by the computation itself.
pub(super) fn inline(text: &str, workload: &Workload, id: SegmentId, work: &Work) -> Option<Edit> {
    let place = workload.place(id);
    match work {
        Work::Task(_) => other_verb(text, place, "call"),
        Work::Body(body) => {
            let [segment] = body.as_slice() else {
                return None;
            };
            let SegmentKind::Cpu { length, label } = &segment.kind else {
                return None;
            };
            // The edit reaches from the keyword to the closing parenthesis of the block.
            let inner = workload.place(segment.id);
            let rest = text.get(inner.end as usize..)?;
            let end = if rest.starts_with(')') {
                inner.end + 1
            } else {
                inner.end
            };
            Some(Edit {
                span: Span {
                    start: place.start,
                    end,
                },
                replacement: leaf("cpu", *length, label.as_deref()),
            })
        }
    }
}
