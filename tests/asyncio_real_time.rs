//! Threads, the GIL, pools and processes, compared with the machine's own CPython in real time.
//!
//! Each script is exported and run three times. The median time of every event is compared with the
//! prediction for two cores. The tests take a minute and need a quiet machine with at least two
//! cores: they wait until it is quiet, and fail on a machine that never is. Therefore they run only
//! on request: `cargo test --test asyncio_real_time -- --ignored --test-threads 1`.

#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::print_stderr,
    reason = "the measured times are worth reading when all is well, too"
)]

mod support;

use std::collections::BTreeMap;
use std::time::Duration;

use formats::export;
use sim::simulate;

use support::observed::{Event, Observation};
use support::python;

const RUNS: usize = 3;
const ATTEMPTS: usize = 3;

/// How far a measured time may be from the predicted one.
#[derive(Clone, Copy)]
struct Tolerance {
    /// In percent of the predicted time.
    percent: u64,
    /// Added to `percent`: starting threads and processes, timers, the machine's noise.
    slack: Duration,
}

const CLOSE: Tolerance = Tolerance {
    percent: 5,
    slack: Duration::from_millis(15),
};
/// For threads that compete for the GIL: the operating system decides which one gets it.
const FAIR_TO_A_DEGREE: Tolerance = Tolerance {
    percent: 15,
    slack: Duration::from_millis(30),
};
const WITH_PROCESS_START: Tolerance = Tolerance {
    percent: 10,
    slack: Duration::from_millis(60),
};

#[track_caller]
fn check(tolerance: Tolerance, text: &str) {
    check_of(|_| true, tolerance, text);
}

/// Compares only the events of the instances that `promised` accepts.
#[track_caller]
fn check_of(promised: fn(&str) -> bool, tolerance: Tolerance, text: &str) {
    python::require();
    // The prediction must not depend on the number of cores of this machine.
    let text = format!("cores 2\n{text}");
    let parsed = script::parse(&text);
    let workload = parsed
        .workload
        .unwrap_or_else(|| panic!("{:?}\n{text}", parsed.diagnostics));
    let simulated = Observation::of_trace(&workload, &simulate(&workload)).events;
    let predicted: BTreeMap<String, u64> = simulated.iter().map(key_and_time).collect();
    let program = export::asyncio(&workload);
    let mut report = String::new();
    for _ in 0..ATTEMPTS {
        python::wait_for_quiet();
        let mut runs: Vec<Vec<Event>> = (0..RUNS).map(|_| python::measure(&program)).collect();
        for run in &mut runs {
            run.retain(|event| promised(&event.who));
        }
        let (close, table) = compare(tolerance, &predicted, &runs);
        report = table;
        // Another process that began to compute in the meantime makes the measurement worthless.
        if close || python::is_quiet() {
            assert!(close, "\n{report}\n{text}");
            eprint!("\n{report}");
            return;
        }
    }
    panic!("the machine was never quiet long enough to measure\n{report}\n{text}");
}

/// Whether every event happens at its predicted time, within the tolerance, and a table of all
/// events.
fn compare(
    tolerance: Tolerance,
    predicted: &BTreeMap<String, u64>,
    runs: &[Vec<Event>],
) -> (bool, String) {
    let mut table = String::new();
    let mut all_close = true;
    for key in runs[0].iter().map(|event| key_and_time(event).0) {
        let measured = median(runs, &key);
        let predicted = *predicted
            .get(&key)
            .unwrap_or_else(|| panic!("`{key}` was measured and not predicted"));
        let allowed = predicted * tolerance.percent / 100 + tolerance.slack.as_nanos() as u64;
        let close = measured.abs_diff(predicted) <= allowed;
        all_close &= close;
        let mark = if close { ' ' } else { '!' };
        let millis = |ns: u64| ns as f64 / 1e6;
        table += &format!(
            "{mark} {key:<32} predicted {:>9.1} ms, measured {:>9.1} ms, allowed ± {:.0} ms\n",
            millis(predicted),
            millis(measured),
            millis(allowed)
        );
    }
    (all_close, table)
}

/// Events with one key, e.g. `io#1 prints "fifty"`, happen more than once only in loops. A map then
/// keeps the last time.
fn key_and_time(event: &Event) -> (String, u64) {
    (format!("{} {}", event.who, event.what), event.at.as_nanos())
}

fn median(runs: &[Vec<Event>], key: &str) -> u64 {
    let mut times: Vec<u64> = runs
        .iter()
        .filter_map(|run| {
            let times: BTreeMap<String, u64> = run.iter().map(key_and_time).collect();
            times.get(key).copied()
        })
        .collect();
    assert_eq!(
        times.len(),
        runs.len(),
        "`{key}` did not happen in every run"
    );
    times.sort_unstable();
    times[times.len() / 2]
}

#[test]
#[ignore = "takes real time"]
fn the_blackboard_is_right() {
    check(CLOSE, "pasta: cpu 300ms -> await 500ms\ntoast: cpu 600ms\n");
}

#[test]
#[ignore = "takes real time"]
fn blocking_on_the_loop_delays_everybody() {
    check(
        CLOSE,
        "rude: block 400ms\npolite: await 100ms -> print \"awake\" -> await 100ms\nrun polite, rude\n",
    );
}

#[test]
#[ignore = "takes real time"]
fn two_threads_share_the_gil() {
    check(FAIR_TO_A_DEGREE, "def compute: cpu 400ms\nrun 2 compute\n");
}

/// Eight threads that compute 0.25 s each end after 2 s. The operating system decides which one
/// ends first, and how early: differences of up to a fifth were measured.
#[test]
#[ignore = "takes real time"]
fn eight_threads_take_as_long_as_their_sum() {
    check_of(
        |who| who.starts_with("all#"),
        FAIR_TO_A_DEGREE,
        "def compute: cpu 250ms\nall: gather 8 one -> print \"all\"\none: thread compute\nrun all\n",
    );
}

#[test]
#[ignore = "takes real time"]
fn io_beside_a_computing_thread_pays_for_the_gil_each_time() {
    check(
        FAIR_TO_A_DEGREE,
        "def hog: cpu 600ms\nio:\n    repeat 50:\n        await 1ms\n    print \"fifty\"\nrun hog, io\n",
    );
}

#[test]
#[ignore = "takes real time"]
fn a_ticker_beside_a_computing_thread_is_late_each_time() {
    check(
        FAIR_TO_A_DEGREE,
        "def hog: cpu 600ms\nticker:\n    repeat 20:\n        await 10ms\n    print \"twenty\"\nrun hog, ticker\n",
    );
}

#[test]
#[ignore = "takes real time"]
fn a_pool_serves_so_many_at_a_time() {
    check(CLOSE, "pool 4\ndef ping: block 100ms\nrun 10 ping\n");
    check(
        CLOSE,
        "executor 3\nping: executor (block 100ms)\nrun 9 ping\n",
    );
}

#[test]
#[ignore = "takes real time"]
fn a_held_loop_keeps_the_answers_of_threads() {
    check(
        CLOSE,
        "ping: executor (block 100ms) -> print \"answer\"\nhog: yield -> block 300ms\n",
    );
}

#[test]
#[ignore = "takes real time"]
fn a_timeout_ends_the_wait_and_not_the_thread() {
    check(
        CLOSE,
        "slow:\n    timeout 100ms:\n        executor (block 300ms)\n    else:\n        print \"gave up\"\n    await 300ms\n",
    );
}

#[test]
#[ignore = "takes real time"]
fn processes_compute_side_by_side() {
    check(
        WITH_PROCESS_START,
        "processes 2\ndef compute: cpu 500ms\njob: process compute\nrun 2 job\n",
    );
}

#[test]
#[ignore = "takes real time"]
fn more_processes_than_cores_share_them() {
    check(
        WITH_PROCESS_START,
        "processes 4\ndef compute: cpu 400ms\njob: process compute\nall: gather 4 job -> print \"all\"\nrun all\n",
    );
}

#[test]
#[ignore = "takes real time"]
fn computing_elsewhere_leaves_the_loop_free() {
    check(
        WITH_PROCESS_START,
        "processes 1\ndef compute: cpu 400ms\njob: process compute\nticker:\n    repeat 20:\n        await 10ms\n    print \"twenty\"\nrun job, ticker\n",
    );
}
