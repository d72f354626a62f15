//! Instants worth a sign on a bar.

use crate::time::SimTime;
use crate::trace::{InstanceId, Record, Role, State, Trace};
use crate::workload::SegmentId;

/// What happened in an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MarkKind {
    Printed,
    Responded,
    TimedOut,
    Failed,
    Cancelled,
}

impl MarkKind {
    pub const ALL: [Self; 5] = [
        Self::Printed,
        Self::Responded,
        Self::TimedOut,
        Self::Failed,
        Self::Cancelled,
    ];

    fn of(state: State) -> Option<Self> {
        Some(match state {
            State::Printed => Self::Printed,
            State::Responded => Self::Responded,
            State::TimedOut => Self::TimedOut,
            State::Failed => Self::Failed,
            State::Cancelled => Self::Cancelled,
            _ => return None,
        })
    }
}

/// A sign on the bar of an instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    pub at: SimTime,
    pub instance: InstanceId,
    pub segment: SegmentId,
    pub kind: MarkKind,
}

/// What a record puts on a bar, if anything. How a part ends is its owner's affair,
/// whose bar it is.
pub(super) fn mark(trace: &Trace, record: &Record) -> Option<Mark> {
    let is_part = trace.instance(record.instance).role == Role::Part;
    if is_part && record.state.is_terminal() {
        return None;
    }
    Some(Mark {
        at: record.at,
        instance: record.instance,
        segment: record.segment,
        kind: MarkKind::of(record.state)?,
    })
}
