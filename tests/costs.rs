//! The costs of the runtime itself, such as task steps and thread hand-overs, in the simulated
//! total.

#![cfg(not(target_arch = "wasm32"))]

mod support;

use model::time::SimDuration;
use model::trace::Ending;
use model::workload::Costs;
use sim::simulate;
use support::generate;

/// One decimal place for each cost, so that a total shows which costs were paid and how often, e.g.
/// `2.104ms`: one thread start, one hand-over and four steps.
const COSTS: Costs = Costs {
    hop: SimDuration::from_micros(1),
    hand_over: SimDuration::from_micros(100),
    thread_start: SimDuration::from_micros(1_000),
    process_start: SimDuration::from_micros(100_000),
    ipc: SimDuration::from_micros(10_000),
    http: SimDuration::ZERO,
    releases: 3,
};

#[track_caller]
fn check(text: &str, costs: Costs, expected: &str) {
    let mut workload = script::parse(text).workload.expect("a valid script");
    workload.machine.costs = costs;
    assert_eq!(simulate(&workload).end.to_string(), expected, "\n{text}");
}

#[test]
fn every_step_of_a_task_is_paid_for() {
    // One step at the start, and one after each of the nine yields.
    check("a: repeat 9: (yield)", COSTS, "10us");
    check("a: await 1ms", COSTS, "1.002ms");
    // The steps of the three tasks add up, since they share the loop.
    check("a: cpu 1ms\nrun 3 a", COSTS, "3.003ms");
}

#[test]
fn a_thread_is_started_once_and_handed_work_after_that() {
    // Besides the thread's start and the hand-over, the two checkpoints and the result take steps.
    check("a: thread (block 1ms)", COSTS, "2.104ms");
    check("a: repeat 2: (thread (block 1ms))", COSTS, "3.307ms");
    check("a: executor (block 1ms)", COSTS, "2.102ms");
}

#[test]
fn a_process_is_started_once_and_hears_messages_after_that() {
    // The start of the process, a message each way, and two steps.
    check("a: process (cpu 1ms)", COSTS, "121.002ms");
    check("a: repeat 2: (process (cpu 1ms))", COSTS, "142.003ms");
}

#[test]
fn a_job_and_its_result_are_messages() {
    check(
        // The job and its result are a message each.
        "def job: block 1ms\na: send job as h -> wait h\nrun a",
        COSTS,
        "21.002ms",
    );
}

#[test]
fn a_request_is_paid_for_by_the_loop_that_serves_it() {
    let costs = Costs {
        http: SimDuration::from_millis(2),
        ..Costs::default()
    };
    // Each request takes 2 ms of the loop's time before its handler starts.
    check("ping: await 1ms\nrun 3 ping", costs, "7ms");
    check(
        // Only the arrival is a request; its child is not.
        "child: await 1ms\nping: spawn child as h -> wait h\nrun ping",
        costs,
        "3ms",
    );
}

#[test]
fn a_request_lets_others_compute_on_its_way_to_its_handler() {
    let releases = |releases| Costs {
        releases,
        ..Costs::default()
    };
    // Free if no other thread wants the GIL.
    check("ping: await 1ms\nrun 3 ping", releases(9), "1ms");
    check("servers 2\nping: await 1ms\nrun 3 ping", releases(9), "1ms");
    // If a thread computes, getting the GIL back takes a switch interval each time.
    let health_done = |costs| {
        let script = "def work: cpu 1s\nhealth: print \"ok\"\nrun work\nrun health at 102ms\n";
        let mut workload = script::parse(script).workload.expect("a valid script");
        workload.machine.costs = costs;
        let trace = simulate(&workload);
        let mut ended = trace.log.iter().filter(|record| record.state.is_terminal());
        ended.next().expect("both end").at.to_string()
    };
    // A switch interval of 5 ms for the handler itself, and one more for each release.
    assert_eq!(health_done(releases(0)), "107ms");
    assert_eq!(health_done(releases(4)), "127ms");
}

#[test]
fn what_costs_time_is_seen_to_run() {
    let mut workload = script::parse("a: yield").workload.expect("a valid script");
    workload.machine.costs = COSTS;
    let trace = simulate(&workload);
    let running = trace
        .log
        .iter()
        .filter(|record| record.state == model::trace::State::Running);
    assert_eq!(running.count(), 2);
}

/// With costs, times and orders change, but every run still ends, and equal costs give equal
/// traces.
#[test]
fn random_programs_end_with_costs_too() {
    for seed in 0..400 {
        let (mut workload, text) = generate::anything(seed);
        let free = simulate(&workload);
        workload.machine.costs = COSTS;
        let trace = simulate(&workload);
        assert!(trace == simulate(&workload), "seed {seed}\n{text}");
        let limited = |ending: &Ending| matches!(ending, Ending::Limit(_));
        assert_eq!(
            limited(&trace.ending),
            limited(&free.ending),
            "seed {seed}\n{text}"
        );
    }
}
