//! Where two runs first part: of two scripts, or of one under two settings.
//!
//! Events are matched in order, by task, number, kind and time. Where the same
//! thing stands in the text, and on which thread it ran, makes no difference.

use model::time::SimTime;
use model::trace::{Event, EventKind, Role, Trace, events};
use model::workload::Workload;

/// An event as both runs can name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    pub at: SimTime,
    pub task: String,
    /// From 1 within its task.
    pub number: u32,
    /// Of its body in a thread or a process.
    pub part: bool,
    pub kind: EventKind,
    pub line: u32,
}

/// How two runs first differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Divergence {
    /// Events that both have.
    pub common: usize,
    /// The first that differs in each; `None` where a run has no more.
    pub left: Option<Named>,
    pub right: Option<Named>,
}

/// What kind of difference it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Difference {
    /// The same event, at another time.
    Time,
    /// The same task does something else.
    Deed,
    /// It is another task's turn.
    Task,
    /// One run has no more events.
    End,
}

impl Divergence {
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

/// `None` if they are the same to the end.
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
