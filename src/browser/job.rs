//! One run of a script. In slices: what the worker does, and what the page does
//! itself where no worker starts. At once, if it is small: a picture in the frame
//! after the key press.
//!
//! Between slices the event loop of its thread turns, so that a newer order is
//! seen. Who wants the run, and where the result goes, is the caller's.

use super::clock::{self, now_ms};
use crate::protocol::Reached;
use model::time::SimTime;
use model::trace::Trace;
use sim::{Progress, Simulation, SyncRunLimits, simulate_sync};

/// Steps between two looks at the clock: well under a millisecond.
const STEPS_A_LOOK: u64 = 2_000;

/// What is done at once: a few milliseconds in all. Counted, not timed, so that
/// the same script always goes the same way.
const SMALL: SyncRunLimits = SyncRunLimits {
    instances: 2_000,
    records: 20_000,
    steps: 20_000,
};
/// Longer texts take the parser too long.
const SMALL_BYTES: usize = 16 * 1024;

/// How a run came out.
pub(super) enum Outcome {
    /// The script has errors: there is nothing to run.
    Faulty,
    Finished(Trace),
    /// Nobody wanted it any more.
    Abandoned,
}

/// Runs a script that is small; `None` of any other.
pub(super) fn run_small(script: &str) -> Option<Outcome> {
    if script.len() > SMALL_BYTES {
        return None;
    }
    let Some(workload) = script::parse(script).workload else {
        return Some(Outcome::Faulty);
    };
    simulate_sync(&workload, SMALL).map(Outcome::Finished)
}

/// Runs a script in slices of about `slice_ms`. After each, `go_on` is told how
/// far it has come and says whether the run is still wanted.
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
        if !go_on(reached) {
            return Outcome::Abandoned;
        }
        clock::pause().await;
    }
}

/// One slice; `None` when the simulation is over.
fn advance(simulation: &mut Simulation<'_>, slice_ms: f64, steps: &mut u64) -> Option<SimTime> {
    let start = now_ms();
    loop {
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
