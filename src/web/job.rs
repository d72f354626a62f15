//! One run of a script, in slices: what the worker does, and what the page does
//! itself where no worker starts.
//!
//! Who calls when, and where the result goes, is the caller's.

use super::clock::now_ms;
use crate::protocol::{Reached, RunId};
use crate::script;
use crate::sim::{Progress, Simulation};
use crate::trace::Trace;

/// Steps between two looks at the clock: well under a millisecond.
const STEPS_A_LOOK: u64 = 2_000;

/// A simulation under way.
pub(super) struct Job {
    run: RunId,
    simulation: Simulation,
}

/// What became of a slice.
pub(super) enum Slice {
    /// There is more to do.
    Unfinished(Job, Reached),
    Finished(Box<Trace>),
}

impl Job {
    /// `None` when the script has errors: there is nothing to run.
    pub(super) fn of(run: RunId, script: &str) -> Option<Self> {
        let workload = script::parse(script).workload?;
        Some(Self { run, simulation: Simulation::new(&workload) })
    }

    pub(super) fn run(&self) -> RunId {
        self.run
    }

    /// Goes on for about so long.
    pub(super) fn advance(mut self, slice_ms: f64) -> Slice {
        let start = now_ms();
        loop {
            match self.simulation.advance(STEPS_A_LOOK) {
                Progress::Done => return Slice::Finished(Box::new(self.simulation.into_trace())),
                Progress::More { steps, at } if now_ms() - start > slice_ms => {
                    return Slice::Unfinished(self, Reached { steps, at_ns: at.as_nanos() });
                }
                Progress::More { .. } => {}
            }
        }
    }
}
