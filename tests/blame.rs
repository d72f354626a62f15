//! Blame is conserved: the time charged to lines equals the time that tasks waited.

#![cfg(not(target_arch = "wasm32"))]

mod support;

use analysis::why::{Blame, Scarce, blame};
use model::trace::Spans;
use model::workload::Workload;
use script::parse;
use sim::simulate;
use support::generate;

/// The total waiting time of a trace, computed from its spans instead of from the blame.
fn waited(workload: &Workload) -> u128 {
    let trace = simulate(workload);
    let spans = Spans::of(&trace);
    let waits = spans
        .all()
        .iter()
        .filter(|span| Scarce::awaited_in(span.state).is_some());
    waits.map(|span| u128::from(span.length().as_nanos())).sum()
}

#[test]
fn it_adds_up_on_random_programs() {
    for seed in 0..2_000 {
        let (workload, text) = generate::anything(seed);
        let blame = blame(&workload, &simulate(&workload));
        assert_eq!(
            blame.total_waited(),
            waited(&workload),
            "seed {seed}\n{text}"
        );
        assert_eq!(
            blame.total_blamed() + blame.unattributed,
            blame.total_waited(),
            "seed {seed}\n{text}\n{blame:?}"
        );
        // Only waiting for a permit can stay unassigned: a permit that was never available or never
        // given back has no holder.
        if blame.waited_for(Scarce::Permit) == 0 {
            let machine = &workload.machine;
            assert_eq!(
                blame.unattributed, 0,
                "seed {seed}\n{text}\n{blame:?}\n{machine:?}"
            );
        }
    }
}

/// Checks the lines and the waiting that they caused, in seconds, largest first.
#[track_caller]
fn check(script: &str, expected: &[(u32, &str, f64)]) {
    let (workload, blame) = of(script);
    let lines: Vec<(u32, &str, f64)> = blame
        .lines
        .iter()
        .map(|line| {
            let place = workload.place(line.segment);
            (place.line, line.scarce.word(), line.nanos as f64 / 1e9)
        })
        .collect();
    assert_eq!(lines, expected);
}

fn of(script: &str) -> (Workload, Blame) {
    let workload = parse(script).workload.expect("the script is valid");
    let blame = blame(&workload, &simulate(&workload));
    (workload, blame)
}

#[test]
fn a_call_that_blocks_the_loop_pays_for_all_who_were_ready() {
    // 0 + 1 + … + 99 seconds.
    check("ping: block 1\nrun 100 ping", &[(1, "loop", 4950.0)]);
}

/// `a` holds `m` while it waits at `acquire n`, so `c` waits for the holder of `n`, too.
#[test]
fn a_permit_is_held_while_another_is_acquired() {
    check(
        "lock m\nlock n\nb:\n    acquire n\n    await 2\n    release n\n\
         a:\n    acquire m\n    acquire n\n    await 1\n    release n\n    release m\n\
         c:\n    acquire m\n    release m\n",
        &[(5, "permit", 4.0), (10, "permit", 1.0)],
    );
}

#[test]
fn who_has_a_token_pays_for_the_queue() {
    check(
        // The second request waits 1 s for the only token, the third 2 s.
        "pool 1\ndef ping: block 1\nrun 3 ping",
        &[(2, "token", 3.0)],
    );
}

#[test]
fn a_lock_held_over_an_await_charges_the_await() {
    check(
        // The second instance waits 3 s: 2 s for the await and 1 s for the computation.
        "lock m\na:\n    with m:\n        await 2\n        cpu 1\nrun 2 a",
        &[(4, "permit", 2.0), (5, "permit", 1.0)],
    );
}

#[test]
fn a_holder_that_waits_hands_the_charge_on() {
    // `a` holds the lock and needs the loop, which `b` blocks. So `c` waits for the lock because of
    // `b`: 1 s for the await of `a`, then 2 s for `b`, like `a` itself.
    check(
        "lock m\na: with m (await 1)\nc: with m (yield)\nb: await 500ms -> block 2.5\n",
        &[(4, "loop", 4.0), (2, "permit", 1.0)],
    );
}

/// A trace of a Python program does not say which segments hand work to the pool.
#[test]
fn a_pool_without_offloads_is_blamed_by_its_lanes() {
    let (workload, trace) = model::trace::staged::stage(
        "task ping: await 1
         task work: block 1
         ping#1 arrived
         ping#2 arrived
         work#1 offloaded of ping#1
         work#2 offloaded of ping#2
         0 ping#1 ready @0
         0 ping#2 ready @0
         0 ping#1 offloaded @0
         0 work#1 ready @1
         0 ping#2 queued_token @0
         0 work#1 blocking @1 on thread
         1 work#1 done @1
         1 ping#1 ready @0
         1 ping#1 done @0
         1 ping#2 offloaded @0
         1 work#2 ready @1
         1 work#2 blocking @1 on thread
         2 work#2 done @1
         2 ping#2 ready @0
         2 ping#2 done @0",
    );
    let blame = blame(&workload, &trace);
    assert_eq!(blame.waited_for(Scarce::Token), 1_000_000_000);
    assert_eq!(blame.unattributed, 0, "{blame:?}");
    let line = &blame.lines[0];
    assert_eq!((line.scarce, line.segment.0), (Scarce::Token, 1));
}
