//! Simulates a script in slices: in the worker, and in the page if no worker can start.
//!
//! Between slices the thread's event loop runs, so that a newer order can arrive. The caller
//! decides whether the run is still wanted, and uses the result.

use super::clock::{self, now_ms};
use crate::protocol::simulation::Reached;
use crate::state::parsed::ParsedScript;
use crate::state::small_run::RunOutcome;
use model::time::SimTime;
use sim::{Simulation, SimulationProgress};

/// Steps between two readings of the clock. They take well under a millisecond.
const STEPS_A_LOOK: u64 = 2_000;

/// Runs a script in slices of about `slice_ms` milliseconds. After each slice `go_on` gets the
/// progress and returns whether the run is still wanted.
pub(super) async fn run(
    script: &str,
    slice_ms: f64,
    go_on: impl Fn(Reached) -> bool,
) -> RunOutcome {
    let parsed = ParsedScript::of(script);
    let Some(workload) = parsed.workload.clone() else {
        return RunOutcome::Faulty(parsed);
    };
    let mut simulation = Simulation::new(&workload);
    let mut steps = 0;
    loop {
        let Some(at) = advance(&mut simulation, slice_ms, &mut steps) else {
            return RunOutcome::Finished(parsed, simulation.into_trace());
        };
        let reached = Reached {
            steps,
            at_ns: at.as_nanos(),
        };
        // Asked in every slice, so that a replaced run ends within one slice.
        if !go_on(reached) {
            return RunOutcome::Abandoned;
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
            SimulationProgress::Over => return None,
            SimulationProgress::Under { at } => {
                *steps += STEPS_A_LOOK;
                if now_ms() - start > slice_ms {
                    return Some(at);
                }
            }
        }
    }
}
