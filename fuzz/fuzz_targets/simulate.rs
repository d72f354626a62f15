//! Valid scripts are simulated: no panic, and no invariant is broken.
//!
//! `cargo +nightly fuzz run simulate`

#![no_main]

use libfuzzer_sys::fuzz_target;
use loopscope::script;
use loopscope::sim::{Progress, Simulation};
use loopscope::trace::check;

#[path = "../../tests/support/scripts.rs"]
mod scripts;

/// Enough for most scripts to end, and little enough for many of them.
const STEPS: u64 = 100_000;

fuzz_target!(|bytes: &[u8]| {
    let text = scripts::script(&mut scripts::Choices::new(bytes));
    let Some(workload) = script::parse(&text).workload else {
        return;
    };
    let mut simulation = Simulation::new(&workload);
    if simulation.advance(STEPS) != Progress::Over {
        return;
    }
    let trace = simulation.into_trace();
    let violations = check::check(&workload, &trace);
    assert!(violations.is_empty(), "{text}\n{violations:?}");
});
