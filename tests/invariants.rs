//! The invariants of the runtime model hold in the trace of any program.

#![cfg(not(target_arch = "wasm32"))]

mod support;

use model::trace::check;
use sim::{Simulation, SimulationProgress, SyncRunLimits, simulate, simulate_sync};
use support::generate;

#[track_caller]
fn check_seed(seed: u64) {
    let (workload, text) = generate::anything(seed);
    let trace = simulate(&workload);
    let violations = check::check(&workload, &trace);
    let violations: Vec<String> = violations.iter().map(ToString::to_string).collect();
    assert!(
        violations.is_empty(),
        "seed {seed}\n{text}\n{}\n",
        violations.join("\n")
    );
}

fn programs() -> u64 {
    let set = std::env::var("LOOPSCOPE_PROGRAMS").ok();
    set.and_then(|count| count.parse().ok()).unwrap_or(2_000)
}

#[test]
fn they_hold_for_threads_processes_jobs_and_servers() {
    (0..programs()).for_each(check_seed);
}

#[test]
fn a_simulation_in_slices_gives_the_same_trace() {
    for seed in 0..200 {
        let (workload, text) = generate::anything(seed);
        let mut simulation = Simulation::new(&workload);
        // Slices of three steps end in the middle of everything.
        while simulation.advance(3) != SimulationProgress::Over {}
        assert_eq!(
            simulation.into_trace(),
            simulate(&workload),
            "seed {seed}\n{text}"
        );
    }
}

#[test]
fn they_hold_wherever_a_full_log_ends() {
    for seed in 0..40 {
        let (workload, text) = generate::anything(seed);
        let whole = simulate(&workload).log.len() as u64;
        // Only the first 200 records, since each length is a simulation of its own.
        for records in 1..whole.min(200) {
            let mut simulation = Simulation::new(&workload);
            simulation.keep_at_most(records);
            while simulation.advance(u64::MAX) != SimulationProgress::Over {}
            let violations = check::check(&workload, &simulation.into_trace());
            assert!(
                violations.is_empty(),
                "seed {seed}, {records} records\n{text}\n{violations:?}"
            );
        }
    }
}

/// Bounds that no run exceeds. The test lowers one at a time.
const BOUNDLESS: SyncRunLimits = SyncRunLimits {
    instances: u64::MAX,
    records: u64::MAX,
    steps: u64::MAX,
};

#[test]
fn a_small_run_is_the_whole_run_or_none() {
    for seed in 0..200 {
        let (workload, text) = generate::anything(seed);
        let whole = simulate(&workload);
        let records = whole.log.len() as u64;
        let within = |bounds| simulate_sync(&workload, bounds);
        let enough = SyncRunLimits {
            records,
            ..BOUNDLESS
        };
        assert_eq!(within(enough).as_ref(), Some(&whole), "seed {seed}\n{text}");
        let too_few = [
            SyncRunLimits {
                records: records - 1,
                ..BOUNDLESS
            },
            SyncRunLimits {
                instances: 0,
                ..BOUNDLESS
            },
            SyncRunLimits {
                steps: 1,
                ..BOUNDLESS
            },
        ];
        for bounds in too_few {
            assert_eq!(within(bounds), None, "seed {seed}, {bounds:?}\n{text}");
        }
    }
}
