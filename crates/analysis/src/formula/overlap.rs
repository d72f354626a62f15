//! The check of a formula's maxima against the schedule: `max(8s, 2s)` claims that something ends
//! at 8 s and something at 2 s.

use std::cell::OnceCell;

use super::Expr;
use super::together::Crowd;
use crate::why::Scarce;
use model::time::{SimDuration, SimTime};
use model::trace::{AnalysedRun, Record, State, Trace};
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
pub(super) fn ends_with_runs(terms: &[Expr], crowd: Crowd, run: &AnalysedRun) -> bool {
    // Threads share the GIL in turns: the sum is right, but each task ends later than its part.
    if crowd == Crowd::At(Scarce::Gil) {
        return true;
    }
    let ends = Ends::of(run);
    let mut before = SimTime::ZERO;
    terms.iter().zip(&run.workload().runs).all(|(term, line)| {
        let end = after(before, term.value());
        if crowd.is_sequential() {
            before = end;
        }
        ends.has_run_that_ends(line, end)
    })
}

/// The end of each instance, and of what it caused.
struct Ends<'a> {
    run: &'a AnalysedRun,
    /// Also of its jobs and children. Rarely needed, and large for a million instances.
    with_children: OnceCell<Vec<SimTime>>,
}

impl<'a> Ends<'a> {
    fn of(run: &'a AnalysedRun) -> Self {
        Self {
            run,
            with_children: OnceCell::new(),
        }
    }

    fn own(&self, index: usize) -> SimTime {
        let times = &self.run.summary().times[index];
        times.end().unwrap_or(SimTime::ZERO)
    }

    fn with_children(&self) -> &[SimTime] {
        self.with_children.get_or_init(|| {
            let instances = &self.run.trace().instances;
            let mut ends: Vec<SimTime> =
                (0..instances.len()).map(|index| self.own(index)).collect();
            // Children are created after their parents.
            for (index, instance) in instances.iter().enumerate().rev() {
                if let Some(parent) = instance.parent {
                    let parent = parent.0 as usize;
                    ends[parent] = ends[parent].max(ends[index]);
                }
            }
            ends
        })
    }

    /// Whether the last instance of this line's task ends at `end`, alone or with its jobs. If
    /// several lines run the task, whether one of its instances does.
    fn has_run_that_ends(&self, line: &Run, end: SimTime) -> bool {
        self.are_ends_of(line, end, |index| self.own(index))
            || self.are_ends_of(line, end, |index| self.with_children()[index])
    }

    fn are_ends_of(&self, line: &Run, end: SimTime, of: impl Fn(usize) -> SimTime) -> bool {
        let instances = self.run.trace().instances.iter().enumerate();
        let arrived = instances
            .filter(|(_, instance)| instance.parent.is_none() && instance.task == line.task);
        let (mut last, mut count, mut is_end) = (SimTime::ZERO, 0, false);
        for (index, _) in arrived {
            let ended = of(index);
            last = last.max(ended);
            count += 1;
            is_end |= ended == end;
        }
        last == end || (count > line.count && is_end)
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
