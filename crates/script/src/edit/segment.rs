//! Edits of one segment: its keyword, its duration, a name in it.

use super::EditableScript;
use super::duration::write_like;
use crate::diagnostic::Edit;
use crate::lexer::{quote, unquote};
use crate::span::Span;
use crate::spell;
use crate::syntax::{LengthNode, SegmentNode, SegmentNodeKind, TaskHeader};
use crate::vocabulary::{SEGMENTS, Verb, lookup, spelling};
use model::time::SimDuration;
use model::workload::{SegmentId, TaskIndex};

impl EditableScript<'_> {
    /// Sets the duration of a `cpu`, `await`, `block` or `timeout`; a range or a mean becomes this
    /// one value.
    pub fn set_duration(&self, segment: SegmentId, duration: SimDuration) -> Option<Edit> {
        let span = self.length_span(self.step_of_segment(segment)?)?;
        Some(Edit::replace(span, duration.to_string()))
    }

    /// The same for a duration that was dragged: rounded to 0.1 %, and without a unit where the
    /// old one has none.
    pub fn drag_duration(&self, segment: SegmentId, duration: SimDuration) -> Option<Edit> {
        let step = self.step_of_segment(segment)?;
        let LengthNode::Fixed(old) = length_of_step(step)? else {
            return None;
        };
        let has_unit = old.span != old.number;
        Some(Edit::replace(old.span, write_like(has_unit, duration)))
    }

    /// The first `cpu`, `await` or `block` of a line, from 1: its duration gets this value.
    pub fn set_duration_on_line(&self, line: u32, duration: SimDuration) -> Option<Edit> {
        let ids = (0..self.starts.len() as u32).map(SegmentId);
        let step = ids.filter_map(|id| self.step_of_segment(id)).find(|step| {
            let is_timed = !matches!(
                step.kind,
                SegmentNodeKind::Timeout { .. } | SegmentNodeKind::WaitFor { .. }
            );
            step.line == line && is_timed && length_of_step(step).is_some()
        })?;
        Some(Edit::replace(self.length_span(step)?, duration.to_string()))
    }

    fn length_span(&self, step: &SegmentNode) -> Option<Span> {
        Some(match length_of_step(step)? {
            LengthNode::Fixed(value) => value.span,
            LengthNode::Uniform(low, high) => low.span.to(high.span),
            LengthNode::Exponential(mean) => {
                // The `~` is the token in front of the mean.
                let tilde = self.token_before(mean.span.start)?;
                tilde.span.to(mean.span)
            }
        })
    }

    /// Replaces the keyword: `thread f` → `process f`, `time.sleep(3)` → `await 3s`.
    pub fn set_verb(&self, segment: SegmentId, verb: Verb) -> Option<Edit> {
        let step = self.step_of_segment(segment)?;
        let is_python = match length_of_step(step) {
            Some(_) => {
                self.token_behind(step.word.end)?.span.start != self.length_span(step)?.start
            }
            None => false,
        };
        if !is_python {
            lookup(SEGMENTS, step.word.of(self.text))?;
            return Some(Edit::replace(step.word, spelling(SEGMENTS, verb)));
        }
        let (SegmentNodeKind::Cpu(length, label)
        | SegmentNodeKind::Await(length, label)
        | SegmentNodeKind::Block(length, label)) = &step.kind
        else {
            return None;
        };
        let kind = match verb {
            Verb::Cpu => SegmentNodeKind::Cpu(*length, *label),
            Verb::Await => SegmentNodeKind::Await(*length, *label),
            Verb::Block => SegmentNodeKind::Block(*length, *label),
            _ => return None,
        };
        Some(Edit::replace(step.span, spell::head(self.text, &kind)))
    }

    /// Replaces the keyword and the label; without `label`, removes it: `block 3s "psycopg2"` →
    /// `await 3s "asyncpg"`. A segment without a label gets none.
    pub fn set_verb_and_label(
        &self,
        segment: SegmentId,
        verb: Verb,
        label: Option<&str>,
    ) -> Option<Vec<Edit>> {
        let mut edit = self.set_verb(segment, verb)?;
        let Some(old) = label_span(self.step_of_segment(segment)?) else {
            return Some(vec![edit]);
        };
        let before = self.token_before(old.start)?.span.end;
        let new = label.map_or_else(String::new, |label| format!(" {}", quote(label)));
        // The segment has been rewritten as a whole, with its old label at the end.
        if edit.span.end >= old.end {
            let written = format!(" {}", quote(&unquote(old.of(self.text))));
            let without = edit.replacement.strip_suffix(&written)?;
            edit.replacement = format!("{without}{new}");
            return Some(vec![edit]);
        }
        let label = Span {
            start: before,
            end: old.end,
        };
        Some(vec![edit, Edit::replace(label, new)])
    }

    /// Replaces the resource of a `with`: `with m` → `with n`.
    pub fn set_resource(&self, with: SegmentId, resource: &str) -> Option<Edit> {
        match self.step_of_segment(with)?.kind {
            SegmentNodeKind::With { resource: old, .. } => Some(Edit::replace(old, resource)),
            _ => None,
        }
    }

    /// Gives a `spawn` or `send` without a handle one: `spawn f` → `spawn f as h`.
    pub fn name_handle(&self, segment: SegmentId, handle: &str) -> Option<Edit> {
        let step = self.step_of_segment(segment)?;
        match step.kind {
            SegmentNodeKind::Spawn { handle: None, .. }
            | SegmentNodeKind::Send { handle: None, .. } => {
                // A replacement, not an insertion: other text may be inserted behind the segment.
                let written = step.span.of(self.text);
                Some(Edit::replace(step.span, format!("{written} as {handle}")))
            }
            _ => None,
        }
    }

    /// Turns a plain function into a coroutine: `def f:` → `async def f:`.
    pub fn make_async(&self, task: TaskIndex) -> Option<Edit> {
        let (item, task) = self.task(task)?;
        (task.header == TaskHeader::Def).then(|| Edit::insert(item.span.start, "async "))
    }
}

fn label_span(step: &SegmentNode) -> Option<Span> {
    match step.kind {
        SegmentNodeKind::Cpu(_, label)
        | SegmentNodeKind::Await(_, label)
        | SegmentNodeKind::Block(_, label) => label,
        _ => None,
    }
}

fn length_of_step(step: &SegmentNode) -> Option<&LengthNode> {
    match &step.kind {
        SegmentNodeKind::Cpu(length, _)
        | SegmentNodeKind::Await(length, _)
        | SegmentNodeKind::Block(length, _) => Some(length),
        SegmentNodeKind::Timeout { after, .. } | SegmentNodeKind::WaitFor { after, .. } => {
            Some(after)
        }
        _ => None,
    }
}
