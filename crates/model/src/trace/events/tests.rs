use super::*;
use crate::trace::staged::stage;

/// `expected` has a line for each event: time in seconds, instance, kind.
#[track_caller]
fn check(text: &str, expected: &[&str]) {
    let (workload, trace) = stage(text);
    let derived: Vec<String> = events(&trace)
        .map(|event| {
            let instance = trace.instance(event.instance);
            let part = matches!(instance.role, Role::Part);
            format!(
                "{} {}#{}{} {}",
                event.at.as_nanos() / 1_000_000_000,
                workload.task(instance.task).name,
                instance.number,
                if part { "~" } else { "" },
                event.kind.name()
            )
        })
        .collect();
    assert_eq!(derived, expected);
}

#[test]
fn a_step_without_length_is_a_start_or_a_resumption() {
    check(
        "task a: await 5
         a#1 arrived
         0 a#1 ready
         0 a#1 awaiting @0
         5 a#1 ready
         5 a#1 done",
        &[
            "0 a#1 arrive",
            "0 a#1 start",
            "0 a#1 await",
            "5 a#1 wake",
            "5 a#1 resume",
            "5 a#1 finish",
        ],
    );
}

#[test]
fn a_step_that_prints_and_then_waits_is_one_turn() {
    check(
        "task a: print x, yield
         a#1 arrived
         0 a#1 ready
         0 a#1 printed @0
         0 a#1 ready @1
         1 a#1 ready @1
         1 a#1 done",
        &[
            "0 a#1 arrive",
            "0 a#1 start",
            "0 a#1 print",
            "0 a#1 yield",
            "1 a#1 resume",
            "1 a#1 yield",
            "1 a#1 resume",
            "1 a#1 finish",
        ],
    );
}

#[test]
fn a_parent_starts_before_the_child_it_creates() {
    check(
        "task a: await 1
         task b: cpu 1
         a#1 arrived
         b#1 spawned of a#1
         0 a#1 ready
         0 b#1 ready by a#1
         0 a#1 awaiting @0
         0 b#1 cancel_requested by a#1
         0 b#1 cancelled
         1 a#1 ready
         1 a#1 done",
        &[
            "0 a#1 arrive",
            "0 a#1 start",
            "0 b#1 arrive",
            "0 a#1 await",
            "0 b#1 cancel_requested",
            "0 b#1 cancel",
            "1 a#1 wake",
            "1 a#1 resume",
            "1 a#1 finish",
        ],
    );
}

#[test]
fn a_handler_starts_and_finishes_in_its_thread_and_responds_on_the_loop() {
    check(
        "def h: block 1
         h#1 handler
         h#1~1 part of h#1
         0 h#1 unaccepted
         0 h#1 ready
         0 h#1 queued_token
         2 h#1 offloaded
         2 h#1~1 blocking @0 on thread
         3 h#1~1 done
         4 h#1 ready by h#1~1
         4 h#1 done",
        &[
            "0 h#1 arrive",
            "0 h#1 accept",
            "0 h#1 queue_token",
            "2 h#1 offload",
            "2 h#1~ start",
            "2 h#1~ block",
            "3 h#1~ finish",
            "4 h#1 wake",
            "4 h#1 respond",
        ],
    );
}

#[test]
fn a_block_in_a_thread_is_entered_and_left() {
    check(
        "task a: thread block 1
         a#1 arrived
         a#1~1 part of a#1
         0 a#1 ready
         0 a#1 queued_token @0
         0 a#1 offloaded @0
         0 a#1~1 queued_gil @1 on thread
         1 a#1~1 blocking @1 on thread
         2 a#1~1 done
         2 a#1 ready by a#1~1
         2 a#1 done",
        &[
            "0 a#1 arrive",
            "0 a#1 start",
            "0 a#1 queue_token",
            "0 a#1 offload",
            "0 a#1~ queue_gil",
            "1 a#1~ enter",
            "1 a#1~ block",
            "2 a#1~ leave",
            "2 a#1 wake",
            "2 a#1 resume",
            "2 a#1 finish",
        ],
    );
}

#[test]
fn a_loop_without_the_gil_gives_no_turn() {
    check(
        "task a: yield
         a#1 arrived
         0 a#1 ready
         0 a#1 queued_gil @0 on loop
         1 a#1 ready
         1 a#1 ready @0
         1 a#1 done",
        &[
            "0 a#1 arrive",
            "0 a#1 queue_gil",
            "1 a#1 start",
            "1 a#1 yield",
            "1 a#1 resume",
            "1 a#1 finish",
        ],
    );
}

#[test]
fn work_for_an_executor_starts_behind_its_queue() {
    check(
        "task a: await 1
         def f: block 1
         a#1 arrived
         f#1 offloaded of a#1
         0 a#1 ready
         0 a#1 offloaded @0
         0 f#1 queued_executor by a#1
         1 f#1 done
         1 a#1 ready by f#1
         1 a#1 done",
        &[
            "0 a#1 arrive",
            "0 a#1 start",
            "0 a#1 offload",
            "0 f#1 queue_executor",
            "1 f#1 start",
            "1 f#1 finish",
            "1 a#1 wake",
            "1 a#1 resume",
            "1 a#1 finish",
        ],
    );
}

#[test]
fn a_job_arrives_when_it_is_sent_and_starts_in_its_worker() {
    check(
        "task a: await 1
         def j: cpu 1
         a#1 arrived
         j#1 sent of a#1
         0 a#1 ready
         0 j#1 queued_job by a#1
         0 a#1 done
         1 j#1 running @1 on job
         2 j#1 done",
        &[
            "0 a#1 arrive",
            "0 a#1 start",
            "0 j#1 arrive",
            "0 j#1 queue_job",
            "0 a#1 finish",
            "1 j#1 start",
            "1 j#1 run",
            "2 j#1 finish",
        ],
    );
}
