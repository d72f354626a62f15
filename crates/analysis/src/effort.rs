//! Limits on the simulated work of one command, or of one answer in the page.
//!
//! Work is counted in records, never in time, so that every machine stops at the same trial. The
//! caller words the outcome.

use model::limits::{PAGE_RECORDS_MAX, RECORDS_MAX, RunLimits};
use model::trace::{Ending, Limit, Trace};
use model::workload::Workload;
use sim::{Simulation, SimulationProgress};

/// Records of all trials of a command, e.g. of `compare`: as many as in the largest run. A
/// comparison of a small script takes at most as long as the run of a large one.
pub const COMMAND_WORK: u64 = RECORDS_MAX;
/// Records of all points of a sweep: about a minute on one core. Larger than [`COMMAND_WORK`],
/// because users expect to wait for a sweep. Each shard has this limit of its own.
pub const SWEEP_WORK: u64 = 10 * RECORDS_MAX;
/// Records of all trials of an answer in the page: a few seconds in a browser. The traces kept for
/// small charts fit into its memory.
pub const ANSWER_WORK: u64 = PAGE_RECORDS_MAX;

/// The remaining work does not suffice for this trial. The following ones fail too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spent;

/// An amount of work, and the remainder of it.
#[derive(Clone, Debug)]
pub struct Effort {
    work: u64,
    left: u64,
}

/// Steps between two checks of the limit.
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

    /// Simulates a complete run, with the same trace as [`sim::simulate`]. If the remaining
    /// work does not suffice, spends all of it.
    pub fn simulate(&mut self, workload: &Workload) -> Result<Trace, Spent> {
        // Stays 0 on every early return below.
        let left = std::mem::take(&mut self.left);
        let counts = workload.runs.iter().map(|run| run.count);
        // Simultaneous arrivals are created in one step, before the first record.
        if counts.fold(0, u64::saturating_add) > left {
            return Err(Spent);
        }
        let limits = RunLimits::HOST.at_most(left);
        let mut simulation = Simulation::within(workload, limits);
        let mut steps = 0;
        while simulation.advance(STEPS) != SimulationProgress::Over {
            steps += STEPS;
            if steps > left {
                return Err(Spent);
            }
        }
        let trace = simulation.into_trace();
        // A loop that only yields takes steps but leaves few records.
        let work = steps.max(trace.log.len() as u64);
        // A trace that ends at the host's own limit is a valid result. One that ends at the
        // remaining work is only a part of it.
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
