//! Marks: instants that have a sign on a bar. Drawing them is left to `sign`.

use model::time::SimTime;
use model::trace::{InstanceId, Record, Role, State, Trace};
use model::workload::SegmentId;

/// The kinds of marks.
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

/// The mark of a record, if it has one. The end of a part has none: the bar is its owner's.
pub(super) fn mark_of_record(trace: &Trace, record: &Record) -> Option<Mark> {
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
