//! The names of spans in files for other tools, e.g. `cpu`, `await "db"`,
//! `waiting for a permit of s`.

use model::trace::{Span, State};
use model::workload::{Segment, SegmentKind, Workload};

/// Names the spans of one workload.
pub(super) struct Activities<'a> {
    workload: &'a Workload,
    segments: Vec<Option<&'a Segment>>,
}

impl<'a> Activities<'a> {
    pub(super) fn of(workload: &'a Workload) -> Self {
        Self {
            workload,
            segments: workload.segments(),
        }
    }

    pub(super) fn span_name(&self, span: &Span) -> String {
        let word = state_word(span.state);
        let segment = self.span_segment(span);
        match (
            segment.and_then(segment_label),
            segment.and_then(|kind| self.resource_name(kind)),
        ) {
            (Some(label), _) if is_its_own(span.state) => format!("{word} \"{label}\""),
            (_, Some(resource)) if is_for_a_resource(span.state) => {
                format!("{word} of {resource}")
            }
            _ => word.to_owned(),
        }
    }

    /// The line in the script, from 1.
    pub(super) fn span_line(&self, span: &Span) -> Option<u32> {
        // A place without a line belongs to a segment that is not in the script.
        let place = self.workload.places.get(span.segment.0 as usize)?;
        (place.line > 0).then_some(place.line)
    }

    pub(super) fn printed_text(&self, segment: usize) -> Option<&'a str> {
        match &self.segments.get(segment).copied().flatten()?.kind {
            SegmentKind::Print { text } => Some(text),
            _ => None,
        }
    }

    fn span_segment(&self, span: &Span) -> Option<&'a SegmentKind> {
        let segment = self.segments.get(span.segment.0 as usize).copied();
        segment.flatten().map(|segment| &segment.kind)
    }

    fn resource_name(&self, kind: &SegmentKind) -> Option<&'a str> {
        let index = match kind {
            SegmentKind::Put { queue } | SegmentKind::Get { queue } => *queue,
            SegmentKind::With { resource, .. } | SegmentKind::Acquire { resource } => *resource,
            SegmentKind::WaitEvent { event } => *event,
            SegmentKind::WaitCondition { condition } => *condition,
            _ => return None,
        };
        Some(&self.workload.resource(index).name)
    }
}

fn segment_label(kind: &SegmentKind) -> Option<&str> {
    match kind {
        SegmentKind::Cpu { label, .. }
        | SegmentKind::Await { label, .. }
        | SegmentKind::Block { label, .. } => label.as_deref(),
        _ => None,
    }
}

/// Whether the segment itself is executed, so that its label fits. In the other states the
/// instance waits, e.g. for the loop.
fn is_its_own(state: State) -> bool {
    matches!(state, State::Running | State::Blocking | State::Awaiting)
}

fn is_for_a_resource(state: State) -> bool {
    matches!(
        state,
        State::WaitingPermit
            | State::BlockedPermit
            | State::WaitingItem
            | State::WaitingRoom
            | State::WaitingEvent
            | State::WaitingNotify
    )
}

/// The words for a state, e.g. `waiting for a permit`; `of s` may follow.
fn state_word(state: State) -> &'static str {
    match state {
        State::Unaccepted => "not accepted yet",
        State::Ready => "ready",
        State::Running => "cpu",
        State::Blocking => "block",
        State::Awaiting => "await",
        State::QueuedToken => "waiting for a pool thread",
        State::QueuedExecutor => "waiting for an executor thread",
        State::QueuedProcess => "waiting for a process",
        State::QueuedJob => "waiting for a job worker",
        State::QueuedGil => "waiting for the GIL",
        State::QueuedCore => "waiting for a core",
        State::WaitingPermit | State::BlockedPermit => "waiting for a permit",
        State::WaitingItem => "waiting for an item",
        State::WaitingRoom => "waiting for room",
        State::WaitingEvent => "waiting for the setting",
        State::WaitingNotify => "waiting for a notice",
        State::WaitingTask => "waiting for a task",
        State::WaitingAll => "waiting for tasks",
        State::Offloaded => "offloaded",
        State::Done => "done",
        State::Failed => "failed",
        State::Cancelled => "cancelled",
        State::Printed => "print",
        State::Responded => "respond",
        State::CancelRequested => "cancel requested",
        State::TimedOut => "timeout",
    }
}
