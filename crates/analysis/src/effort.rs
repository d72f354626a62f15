//! How much simulated work one command, or one answer in the page, may take with all of
//! its trials together.
//!
//! Work is counted in records of the log, never in time, so that every machine stops at
//! the same trial. How the outcome is worded is decided where it is shown.

use model::limits::{PAGE_RECORDS_MAX, RECORDS_MAX, RunLimits};
use model::trace::{Ending, Limit, Trace};
use model::workload::Workload;
use sim::{Progress, Simulation};

/// All trials of a command (`compare`, `orders`): as much as the largest run, so that a
/// comparison of a small script takes at most as long as the run of a large one.
pub const COMMAND_WORK: u64 = RECORDS_MAX;
/// All points of a sweep on one machine: people start it to wait for it. About a minute
/// on one core; shards have it each.
pub const SWEEP_WORK: u64 = 10 * RECORDS_MAX;
/// All trials of an answer in the page: a few seconds in a browser, and what is kept of
/// them for small charts fits into its memory.
pub const ANSWER_WORK: u64 = PAGE_RECORDS_MAX;

/// The effort does not suffice for this trial, and so for none that follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spent;

/// So much work, and what is left of it.
#[derive(Clone, Debug)]
pub struct Effort {
    work: u64,
    left: u64,
}

/// Steps between two looks at how many there are.
const STEPS: u64 = 1 << 16;

impl Effort {
    pub fn new(work: u64) -> Self {
        Self { work, left: work }
    }

    pub fn used(&self) -> u64 {
        self.work - self.left
    }

    pub fn left(&self) -> u64 {
        self.left
    }

    /// A whole run, the same as [`sim::simulate`]'s; or all that is left is spent.
    pub fn simulate(&mut self, workload: &Workload) -> Result<Trace, Spent> {
        let left = std::mem::take(&mut self.left);
        let counts = workload.runs.iter().map(|run| run.count);
        // What arrives together is created in one step, before any record.
        if counts.fold(0, u64::saturating_add) > left {
            return Err(Spent);
        }
        let limits = RunLimits::HOST.at_most(left);
        let mut simulation = Simulation::within(workload, limits);
        let mut steps = 0;
        while simulation.advance(STEPS) != Progress::Over {
            steps += STEPS;
            if steps > left {
                return Err(Spent);
            }
        }
        let trace = simulation.into_trace();
        // A loop that only computes takes steps and leaves few records.
        let work = steps.max(trace.log.len() as u64);
        // The host's own limit is a part of the run; ours is none.
        let at_limit = matches!(trace.ending, Ending::Limit(Limit::Records { .. }));
        let is_cut = at_limit && limits != RunLimits::HOST;
        self.left = left.checked_sub(work).filter(|_| !is_cut).ok_or(Spent)?;
        Ok(trace)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sim::simulate;

    fn workload(script: &str) -> Workload {
        script::parse(script).workload.expect("valid")
    }

    #[test]
    fn what_fits_is_the_same_run_and_what_does_not_spends_all() {
        let script = workload("a: await 1\nrun 100 a\n");
        let run = simulate(&script);
        let records = run.log.len() as u64;
        let mut effort = Effort::new(2 * records + 10);
        assert_eq!(effort.simulate(&script), Ok(run.clone()));
        assert_eq!(effort.simulate(&script), Ok(run));
        assert_eq!(effort.left(), 10);
        assert_eq!(effort.simulate(&script), Err(Spent));
        assert_eq!(effort.left(), 0);
        assert_eq!(effort.simulate(&workload("a: await 1")), Err(Spent));
    }

    #[test]
    fn steps_without_records_and_arrivals_without_steps_count() {
        let turns = workload("a: repeat 1000000 (yield)\n");
        assert_eq!(Effort::new(70_000).simulate(&turns), Err(Spent));
        let crowd = workload("a: await 1\nrun 1000000 a\n");
        assert_eq!(Effort::new(70_000).simulate(&crowd), Err(Spent));
    }
}
