//! The check of a formula's maxima against the schedule: `max(8s, 2s)` claims that something ends
//! at 8 s and something at 2 s.

use super::Expr;
use super::together::Crowd;
use crate::why::Scarce;
use model::time::{SimDuration, SimTime};
use model::trace::{Record, State, Trace};
use model::workload::Run;

/// Whether each term of each maximum ends when an instance ends, or begins to wait for others.
pub(super) fn is_in_schedule(expr: &Expr, trace: &Trace) -> bool {
    let mut claimed = Vec::new();
    claim_ends(expr, SimTime::ZERO, &mut claimed);
    claimed.sort_unstable();
    claimed.dedup();
    let mut met = vec![false; claimed.len()];
    if met.is_empty() {
        return true;
    }
    for record in trace.log.iter().filter(ends_a_part) {
        if let Ok(index) = claimed.binary_search(&record.at) {
            met[index] = true;
        }
    }
    met.into_iter().all(|met| met)
}

/// Whether each `run` line ends where its term in the formula says: at the term itself if lines
/// overlap, at the sum of the terms so far if they are sequential.
pub(super) fn ends_with_runs(terms: &[Expr], crowd: Crowd, runs: &[Run], trace: &Trace) -> bool {
    // Threads share the GIL in turns: the sum is right, but each task ends later than its part.
    if crowd == Crowd::At(Scarce::Gil) {
        return true;
    }
    let ends = Ends::of(trace);
    let mut before = SimTime::ZERO;
    terms.iter().zip(runs).all(|(term, run)| {
        let end = after(before, term.value());
        if crowd.is_sequential() {
            before = end;
        }
        ends.has_run_that_ends(run, end, trace)
    })
}

/// The end of each instance, and of what it caused.
struct Ends {
    own: Vec<SimTime>,
    /// Also of its jobs and children.
    with_children: Vec<SimTime>,
}

impl Ends {
    fn of(trace: &Trace) -> Self {
        let mut own = vec![SimTime::ZERO; trace.instances.len()];
        for record in trace.log.iter().filter(|record| record.state.is_terminal()) {
            own[record.instance.0 as usize] = record.at;
        }
        let mut with_children = own.clone();
        // Children are created after their parents.
        for (index, instance) in trace.instances.iter().enumerate().rev() {
            if let Some(parent) = instance.parent {
                let parent = parent.0 as usize;
                with_children[parent] = with_children[parent].max(with_children[index]);
            }
        }
        Self { own, with_children }
    }

    /// Whether the last instance of this line's task ends at `end`, alone or with its jobs. If
    /// several lines run the task, whether one of its instances does.
    fn has_run_that_ends(&self, run: &Run, end: SimTime, trace: &Trace) -> bool {
        let instances = trace.instances.iter().enumerate();
        let arrived = instances
            .filter(|(_, instance)| instance.parent.is_none() && instance.task == run.task)
            .map(|(index, _)| index);
        let mut last = (SimTime::ZERO, SimTime::ZERO);
        let mut count = 0;
        let mut is_end = false;
        for index in arrived {
            let (own, all) = (self.own[index], self.with_children[index]);
            last = (last.0.max(own), last.1.max(all));
            count += 1;
            is_end |= own == end || all == end;
        }
        let is_last = last.0 == end || last.1 == end;
        is_last || (count > run.count && is_end)
    }
}

/// Collects the ends of the terms of each maximum; the first maximum in a repetition counts.
fn claim_ends(expr: &Expr, start: SimTime, claimed: &mut Vec<SimTime>) {
    match expr {
        Expr::Length { .. } => {}
        Expr::Sum(parts) => {
            let mut start = start;
            for part in parts {
                claim_ends(part, start, claimed);
                start = after(start, part.value());
            }
        }
        Expr::Longest(parts) => {
            for part in parts {
                claimed.push(after(start, part.value()));
                claim_ends(part, start, claimed);
            }
        }
        Expr::Times { each, .. } | Expr::Waves { each, .. } => claim_ends(each, start, claimed),
    }
}

fn after(start: SimTime, length: SimDuration) -> SimTime {
    SimTime::from_nanos(start.as_nanos().saturating_add(length.as_nanos()))
}

/// Whether an instance ended, or did what it could do without others.
fn ends_a_part(record: &Record) -> bool {
    record.state.is_terminal() || matches!(record.state, State::WaitingTask | State::WaitingAll)
}
