//! Any script takes a bounded amount of time and memory.

#![cfg(not(target_arch = "wasm32"))]

use model::limits::RunLimits;
use model::trace::{Ending, Limit};
use sim::{simulate, simulate_within};
use texts::Language;

/// Checks how the run of a valid script ends, e.g. `deadlock`.
#[track_caller]
fn check(text: &str, expected: &str) {
    let parsed = script::parse(text);
    let messages: Vec<String> = parsed
        .diagnostics
        .iter()
        .map(|each| each.message(Language::default()))
        .collect();
    let workload = parsed
        .workload
        .unwrap_or_else(|| panic!("{messages:?}\n{text}"));
    let ending = match simulate(&workload).ending {
        Ending::Finished => "finished".to_owned(),
        Ending::Until => "until".to_owned(),
        Ending::Deadlock(_) => "deadlock".to_owned(),
        Ending::Limit(limit) => limit.to_string(),
    };
    assert_eq!(ending, expected, "\n{text}");
}

#[test]
fn a_loop_without_time_is_stopped() {
    check(
        "a:\n    forever:\n        cpu 0\n",
        "a loop that never lets time pass",
    );
    check(
        "a:\n    forever:\n        yield\n",
        "a loop that never lets time pass",
    );
}

#[test]
fn a_loop_with_time_reaches_the_horizon_or_the_limit_of_records() {
    check(
        "a:\n    forever:\n        await 1h\n",
        "more than 7 days of simulated time",
    );
}

#[test]
fn calls_without_end_are_stopped() {
    check(
        // The parser refuses only certain recursion; that in an `except` might end.
        "a:\n    try:\n        fail \"x\"\n    except:\n        call a\nrun a\n",
        "more than 1000 nested calls",
    );
}

#[test]
fn tasks_without_end_are_stopped() {
    check(
        "a:\n    try:\n        fail \"x\"\n    except:\n        gather a, a\nrun a\n",
        "more than 2000000 task instances",
    );
}

#[test]
fn until_ends_what_would_not() {
    check("until 10\na:\n    forever:\n        await 1\n", "until");
}

#[test]
fn nobody_to_put_is_a_deadlock() {
    check(
        "queue q\na: get q\nb:\n    try:\n        fail \"x\"\n    except:\n        cpu 0\n    put q\n    get q\n    get q\nrun a, b\n",
        "deadlock",
    );
}

/// The page stores fewer records than the command line, so that a link cannot crash its tab.
#[test]
fn a_run_below_the_limit_of_the_page_is_the_same_on_every_host() {
    let text = "async def a: repeat 100 (await 1ms -> cpu 1ms)\nrun 50 a\n";
    let workload = script::parse(text).workload.expect("no errors");
    let native = simulate_within(&workload, RunLimits::NATIVE);
    assert_eq!(native, simulate_within(&workload, RunLimits::PAGE));
    let records = native.log.len() as u64;
    assert_eq!(native, simulate_within(&workload, RunLimits { records }));
}

#[test]
fn a_run_beyond_the_records_of_its_host_is_its_beginning_and_says_how_many_they_are() {
    let text = "a: forever: (await 1ns)";
    let workload = script::parse(text).workload.expect("no errors");
    let cut = |records| simulate_within(&workload, RunLimits { records });
    let (short, long) = (cut(1_000), cut(2_000));
    let limit = Limit::Records { most: 1_000 };
    assert_eq!(short.ending, Ending::Limit(limit));
    assert_eq!(limit.to_string(), "more than 1000 state changes");
    assert!(short.log.iter().eq(long.log.iter().take(1_000)));
}
