//! Runs of small scripts on tokio, inside the test's own process.

use std::cell::RefCell;

use super::*;
use model::trace::State;

/// The workload of a script, and the record of its run.
#[track_caller]
fn recorded(script: &str) -> (Workload, Wire) {
    let mut workload = script::parse(script).workload.expect("a valid script");
    adapt_to_tokio(&mut workload).expect("a script that tokio can run");
    let wires = RefCell::new(Vec::new());
    run_on_tokio(workload.clone(), |wire| wires.borrow_mut().push(wire));
    // A run that `until` ends calls `leave` twice, because it cannot exit here.
    (workload, wires.into_inner().swap_remove(0))
}

/// Compares the texts that the script prints, in order.
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
    // Long enough for a busy machine to start all threads before the first one ends.
    let (_, wire) = recorded("pool 600\ndef work: block 4s\nrun 600 work\n");
    let threads = wire
        .lanes
        .iter()
        .filter(|lane| lane.0 == WireLane::Thread)
        .count();
    assert!(threads > 512, "{threads} threads");
}

#[test]
fn a_cancelled_wait_for_a_condition_releases_the_lock_once() {
    check_printed(
        "condition c\n\
         next: with c: (print \"second\")\n\
         main:\n    timeout 10ms:\n        with c: (wait c)\n    else:\n        print \"gave up\"\n    \
         with c: (spawn next -> await 20ms -> print \"first\")\nrun main\n",
        &["gave up", "first", "second"],
    );
}

#[test]
fn a_cancelled_wait_for_a_condition_takes_the_lock_back_before_the_block_continues() {
    check_printed(
        "condition c\n\
         next: with c: (print \"second\")\n\
         main:\n    with c:\n        timeout 10ms:\n            wait c\n        else:\n            \
         spawn next\n            await 20ms\n            print \"first\"\n    await 20ms\nrun main\n",
        &["first", "second"],
    );
}

#[test]
fn a_cancelled_wait_for_a_condition_takes_no_notification() {
    check_printed(
        "condition c\nuntil 2s\n\
         waiter: with c: (wait c -> print \"notified\")\n\
         main:\n    timeout 10ms:\n        with c: (wait c)\n    else:\n        print \"gave up\"\n    \
         spawn waiter as h\n    await 10ms\n    with c: (notify c)\n    wait h\nrun main\n",
        &["gave up", "notified"],
    );
}

#[test]
fn a_cancelled_job_does_not_run_unless_it_has_begun() {
    check_printed(
        "jobs 1\ndef first: block 50ms -> print \"first\"\ndef second: print \"second\"\n\
         main:\n    send first as f\n    send second as s\n    await 10ms\n    cancel f\n    cancel s\n    \
         try:\n        wait s\n    except:\n        print \"revoked\"\n    wait f\nrun main\n",
        &["revoked", "first"],
    );
}

#[test]
fn a_cancelled_wait_for_a_job_leaves_the_job_alone() {
    check_printed(
        "jobs 1\ndef first: block 30ms\ndef second: print \"second\"\n\
         main:\n    send first\n    send second as s\n    timeout 10ms:\n        wait s\n    else:\n        \
         print \"gave up\"\n    wait s\nrun main\n",
        &["gave up", "second"],
    );
}

#[test]
fn jobs_run_although_a_task_is_left_over() {
    check_printed(
        "jobs 1\ndef job: block 20ms -> print \"ran\"\nslow: await 1h\n\
         main: spawn slow -> send job -> send job -> await 1ms\nrun main\n",
        &["ran", "ran"],
    );
}
