//! Simulates a script: in slices for the worker, and for the page if no worker can start; or
//! synchronously if the run is small, so that the chart changes in the next frame.
//!
//! Between slices the thread's event loop runs, so that a newer order can arrive. The caller
//! decides whether the run is still wanted, and uses the result.

use super::clock::{self, now_ms};
use crate::protocol::Reached;
use model::time::SimTime;
use model::trace::Trace;
use sim::{Progress, Simulation, SyncRunLimits, simulate_sync};

/// Steps between two readings of the clock. They take well under a millisecond.
const STEPS_A_LOOK: u64 = 2_000;

/// Limits of a synchronous run; it takes a few milliseconds. They count work instead of measuring
/// time, so that the same script is always simulated in the same way.
const SMALL: SyncRunLimits = SyncRunLimits {
    instances: 2_000,
    records: 20_000,
    steps: 20_000,
};
/// Longer texts take too long to parse.
const SMALL_BYTES: usize = 16 * 1024;

/// The outcome of a run.
pub(super) enum Outcome {
    /// The script has errors, so it cannot run.
    Faulty,
    Finished(Trace),
    /// The caller no longer wanted the result.
    Abandoned,
}

/// Runs a small script. Returns `None` for any other.
pub(super) fn run_small(script: &str) -> Option<Outcome> {
    // Checked first, because parsing takes time in proportion to the length.
    if script.len() > SMALL_BYTES {
        return None;
    }
    let Some(workload) = script::parse(script).workload else {
        return Some(Outcome::Faulty);
    };
    simulate_sync(&workload, SMALL).map(Outcome::Finished)
}

/// Runs a script in slices of about `slice_ms` milliseconds. After each slice `go_on` gets the
/// progress and returns whether the run is still wanted.
pub(super) async fn run(script: &str, slice_ms: f64, go_on: impl Fn(Reached) -> bool) -> Outcome {
    let Some(workload) = script::parse(script).workload else {
        return Outcome::Faulty;
    };
    let mut simulation = Simulation::new(&workload);
    let mut steps = 0;
    loop {
        let Some(at) = advance(&mut simulation, slice_ms, &mut steps) else {
            return Outcome::Finished(simulation.into_trace());
        };
        let reached = Reached {
            steps,
            at_ns: at.as_nanos(),
        };
        // Asked in every slice, so that a replaced run ends within one slice.
        if !go_on(reached) {
            return Outcome::Abandoned;
        }
        clock::pause().await;
    }
}

/// Runs one slice. Returns `None` when the simulation is over.
fn advance(simulation: &mut Simulation<'_>, slice_ms: f64, steps: &mut u64) -> Option<SimTime> {
    let start = now_ms();
    loop {
        // Reads the clock rarely: each reading is a call into JavaScript.
        match simulation.advance(STEPS_A_LOOK) {
            Progress::Over => return None,
            Progress::Under { at } => {
                *steps += STEPS_A_LOOK;
                if now_ms() - start > slice_ms {
                    return Some(at);
                }
            }
        }
    }
}
