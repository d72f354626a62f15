//! Runs of small scripts on tokio, inside the test's own process.

use std::cell::RefCell;

use super::*;
use model::trace::State;

/// The workload of a script, and the record of its run.
#[track_caller]
fn recorded(script: &str) -> (Workload, Wire) {
    let mut workload = script::parse(script).workload.expect("a valid script");
    adapt(&mut workload).expect("a script that tokio can run");
    let wires = RefCell::new(Vec::new());
    run(workload.clone(), |wire| wires.borrow_mut().push(wire));
    // A run that `until` ends calls `leave` twice, because it cannot exit here.
    (workload, wires.into_inner().swap_remove(0))
}

/// Compares the texts that the script prints, in order.
#[expect(dead_code, reason = "the next tests print")]
#[track_caller]
fn check_printed(script: &str, expected: &[&str]) {
    let (workload, wire) = recorded(script);
    let segments = workload.segments();
    let text = |segment: i64| match &segments[segment as usize].expect("a segment").kind {
        SegmentKind::Print { text } => text.clone(),
        kind => panic!("{kind:?} prints"),
    };
    let printed = wire
        .records
        .iter()
        .filter(|record| record.2 == State::Printed);
    let printed: Vec<String> = printed.map(|record| text(record.4)).collect();
    assert_eq!(printed, expected, "{script}");
}

#[test]
fn a_pool_may_have_more_threads_than_tokio_has_by_default() {
    let (_, wire) = recorded("pool 600\ndef work: block 1s\nrun 600 work\n");
    let threads = wire
        .lanes
        .iter()
        .filter(|lane| lane.0 == WireLane::Thread)
        .count();
    assert!(threads > 512, "{threads} threads");
}
