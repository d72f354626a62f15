//! Property test: the simulation of any valid script stays within its limits and breaks no
//! invariant.
//!
//! The scripts come from `support/scripts/`. `LOOPSCOPE_PROGRAMS=N` sets how many are generated.

#![cfg(not(target_arch = "wasm32"))]

#[path = "support/scripts/mod.rs"]
mod scripts;

use formats::report::{self, Detail, Report};
use model::trace::{AnalysedRun, check};
use proptest::collection::vec;
use proptest::prelude::*;
use sim::{Simulation, SimulationProgress};

use scripts::Choices;

/// Most generated scripts end within this many steps. The others contain long loops, e.g.
/// `forever`, and are skipped.
const STEPS: u64 = 300_000;
/// Larger results are not parsed again, to save time.
const RECORDS: usize = 20_000;

fn check_script(text: &str) -> Result<(), TestCaseError> {
    let Some(workload) = script::parse(text).workload else {
        return Err(TestCaseError::fail(format!("not a script:\n{text}")));
    };
    let mut simulation = Simulation::new(&workload);
    // `limits.rs` covers runs that do not end by themselves.
    if simulation.advance(STEPS) != SimulationProgress::Over {
        return Ok(());
    }
    let trace = simulation.into_trace();
    let violations = check::check(&workload, &trace);
    prop_assert!(violations.is_empty(), "{text}\n{violations:?}");
    if trace.log.len() > RECORDS {
        return Ok(());
    }
    let run = AnalysedRun::of(workload, trace);
    prop_assert_eq!(run.verdicts().len(), run.workload().expectations.len());
    let report = Report {
        run: &run,
        findings: &[],
        formula: None,
    };
    let mut json = Vec::new();
    report::write_json(report, Detail::Full, &mut json)?;
    let read: serde_json::Value = serde_json::from_slice(&json).expect("the report is JSON");
    prop_assert_eq!(&read["total_ns"], &run.trace().end.as_nanos());
    Ok(())
}

fn cases() -> u32 {
    let set = std::env::var("LOOPSCOPE_PROGRAMS").ok();
    set.and_then(|count| count.parse().ok()).unwrap_or(400)
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: cases(),
        max_shrink_time: 60_000,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn it_runs_within_its_limits_and_keeps_the_invariants(bytes in vec(any::<u8>(), 0..600)) {
        check_script(&scripts::script(&mut Choices::new(&bytes)))?;
    }
}
