//! The first difference between two runs, of two scripts or of one script with two settings.
//!
//! Events are matched in order, by task, number, kind and time. Neither the position in the
//! text nor the thread counts, so that a moved line is no difference.

use model::time::SimTime;
use model::trace::{Event, EventKind, Role, Trace, events};
use model::workload::Workload;

/// An event in terms that both runs share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    pub at: SimTime,
    pub task: String,
    /// The instance's number within its task, from 1.
    pub number: u32,
    /// Whether it happened in the part of the instance on a thread or in a process.
    pub part: bool,
    pub kind: EventKind,
    pub line: u32,
}

/// The point at which two runs differ for the first time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Divergence {
    /// The number of events before it, which both runs share.
    pub common: usize,
    /// The first different event of each run; `None` if a run has no more events.
    pub left: Option<Named>,
    pub right: Option<Named>,
}

/// The kind of a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Difference {
    /// The same event at another time.
    Time,
    /// The same instance does something else, e.g. it waits instead of finishing.
    Deed,
    /// Another instance continues.
    Task,
    /// One run has no more events.
    End,
}

impl Divergence {
    /// Classifies the difference.
    pub fn difference(&self) -> Difference {
        match (&self.left, &self.right) {
            (Some(left), Some(right)) => {
                let same_task =
                    (&left.task, left.number, left.part) == (&right.task, right.number, right.part);
                match (same_task, left.kind == right.kind) {
                    (true, true) => Difference::Time,
                    (true, false) => Difference::Deed,
                    (false, _) => Difference::Task,
                }
            }
            _ => Difference::End,
        }
    }
}

/// Finds the first difference; `None` if the runs have the same events.
pub fn diverge(left: (&Workload, &Trace), right: (&Workload, &Trace)) -> Option<Divergence> {
    let mut lefts = events(left.1).map(|event| named(left.0, left.1, event));
    let mut rights = events(right.1).map(|event| named(right.0, right.1, event));
    for common in 0.. {
        match (lefts.next(), rights.next()) {
            (None, None) => break,
            (Some(left), Some(right)) if same(&left, &right) => {}
            (left, right) => {
                return Some(Divergence {
                    common,
                    left,
                    right,
                });
            }
        }
    }
    None
}

fn named(workload: &Workload, trace: &Trace, event: Event) -> Named {
    let instance = trace.instance(event.instance);
    let place = workload.places.get(event.segment.0 as usize);
    Named {
        at: event.at,
        task: workload.task(instance.task).name.clone(),
        number: instance.number,
        part: instance.role == Role::Part,
        kind: event.kind,
        line: place.map_or(0, |place| place.line),
    }
}

fn same(left: &Named, right: &Named) -> bool {
    (left.at, left.kind, left.number, left.part, &left.task)
        == (right.at, right.kind, right.number, right.part, &right.task)
}
