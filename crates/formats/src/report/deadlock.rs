//! The `deadlock` of a result: the waiting tasks, the resources and their holders.

use serde::Serialize;

use super::{Reference, Report, line_and_file};
use crate::program::ProgramRun;
use model::time::SimTime;
use model::trace::{Ending, State, Waiter};

#[derive(Serialize)]
pub(super) struct Deadlock<'a> {
    at_ns: SimTime,
    waiters: Vec<Waits<'a>>,
    /// Indices into `waiters`, e.g. `[0, 1]`: 0 waits for 1, and 1 for 0. Empty without a cycle.
    cycle: &'a [usize],
}

#[derive(Serialize)]
struct Waits<'a> {
    name: &'a str,
    number: u32,
    state: State,
    line: Option<u32>,
    /// The file of the line, for a Python program.
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
    resource: Option<&'a str>,
    held_by: Vec<Reference<'a>>,
}

/// `None` if the run did not end in a deadlock.
pub(super) fn of<'a>(report: Report<'a>, program: Option<&'a ProgramRun>) -> Option<Deadlock<'a>> {
    let Ending::Deadlock(deadlock) = &report.run.trace().ending else {
        return None;
    };
    Some(Deadlock {
        at_ns: deadlock.at,
        waiters: deadlock
            .waiters
            .iter()
            .map(|waiter| waits(report, program, waiter))
            .collect(),
        cycle: &deadlock.cycle,
    })
}

fn waits<'a>(report: Report<'a>, program: Option<&'a ProgramRun>, waiter: &Waiter) -> Waits<'a> {
    let Reference { name, number } = report.reference(waiter.instance);
    let workload = report.run.workload();
    let (line, file) = line_and_file(report, program, waiter.segment);
    Waits {
        name,
        number,
        state: waiter.state,
        line,
        file,
        resource: waiter
            .resource
            .map(|resource| workload.resource(resource).name.as_str()),
        // A part holds a resource on behalf of its parent, which readers know by name.
        held_by: waiter
            .held_by
            .iter()
            .map(|&holder| report.reference(report.owner(holder)))
            .collect(),
    }
}
