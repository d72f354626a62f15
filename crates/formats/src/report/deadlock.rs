//! The `deadlock` of a result: who waits for what, and who could end it.

use serde::Serialize;

use super::{Reference, Report};
use model::time::SimTime;
use model::trace::{Ending, State, Waiter};

#[derive(Serialize)]
pub(super) struct Deadlock<'a> {
    at_ns: SimTime,
    waiters: Vec<Waits<'a>>,
    /// Indices into `waiters`.
    cycle: &'a [usize],
}

#[derive(Serialize)]
struct Waits<'a> {
    name: &'a str,
    number: u32,
    state: State,
    line: Option<u32>,
    resource: Option<&'a str>,
    held_by: Vec<Reference<'a>>,
}

/// `None` for a run that ended otherwise.
pub(super) fn of(report: Report<'_>) -> Option<Deadlock<'_>> {
    let Ending::Deadlock(deadlock) = &report.trace.ending else {
        return None;
    };
    Some(Deadlock {
        at_ns: deadlock.at,
        waiters: deadlock
            .waiters
            .iter()
            .map(|waiter| waits(report, waiter))
            .collect(),
        cycle: &deadlock.cycle,
    })
}

fn waits<'a>(report: Report<'a>, waiter: &Waiter) -> Waits<'a> {
    let Reference { name, number } = report.reference(waiter.instance);
    let workload = report.workload;
    Waits {
        name,
        number,
        state: waiter.state,
        line: workload
            .places
            .get(waiter.segment.0 as usize)
            .map(|place| place.line),
        resource: waiter
            .resource
            .map(|resource| workload.resource(resource).name.as_str()),
        held_by: waiter
            .held_by
            .iter()
            .map(|&holder| report.reference(report.owner(holder)))
            .collect(),
    }
}
