//! A valid trace for each mechanism, and an invalid one for each rule.

use super::*;
use crate::trace::staged::stage;
use crate::trace::{Deadlock, Ending, Instance, Lane, Log, State, Waiter};
use crate::workload::{SegmentId, Workload};

#[track_caller]
fn check_sound(text: &str) {
    let (workload, trace) = stage(text);
    let violations = check(&workload, &trace);
    assert!(violations.is_empty(), "{violations:#?}");
}

/// The rules that the text breaks, in order.
#[track_caller]
fn check_bad(text: &str, rules: &[Rule]) {
    let (workload, trace) = stage(text);
    check_broken(&workload, &trace, rules);
}

#[track_caller]
fn check_broken(workload: &Workload, trace: &Trace, rules: &[Rule]) {
    let violations = check(workload, trace);
    let broken: Vec<Rule> = violations.iter().map(|violation| violation.rule).collect();
    assert_eq!(broken, rules, "{violations:#?}");
}

#[test]
fn two_tasks_on_one_loop_are_sound() {
    check_sound(
        "task pasta: cpu 3, await 5
         task toast: cpu 6
         pasta#1 arrived
         toast#1 arrived
         0 pasta#1 ready
         0 toast#1 ready
         0 pasta#1 running @0 on loop
         3 pasta#1 awaiting @1
         3 toast#1 running @2 on loop
         9 toast#1 done
         9 pasta#1 ready
         9 pasta#1 done",
    );
}

#[test]
fn handlers_on_a_pool_of_one_are_sound() {
    check_sound(
        "pool 1
         def h: block 1, cpu 1
         h#1 handler
         h#2 handler
         h#1~1 part of h#1
         h#2~1 part of h#2
         0 h#1 ready
         0 h#2 ready
         0 h#1 queued_token
         0 h#2 queued_token
         0 h#1 offloaded
         0 h#1~1 blocking @0 on thread
         1 h#1~1 running @1 on thread
         2 h#1~1 done
         2 h#1 ready by h#1~1
         2 h#1 done
         2 h#2 offloaded by h#1
         2 h#2~1 blocking @0 on thread
         3 h#2~1 running @1 on thread
         4 h#2~1 done
         4 h#2 ready by h#2~1
         4 h#2 done",
    );
}

#[test]
fn two_threads_that_take_turns_with_the_gil_are_sound() {
    check_sound(
        "def h: cpu 1
         h#1 handler
         h#2 handler
         h#1~1 part of h#1
         h#2~1 part of h#2
         0 h#1 ready
         0 h#2 ready
         0 h#1 offloaded
         0 h#1~1 running @0 on thread
         0 h#2 offloaded
         0 h#2~1 queued_gil @0 on thread.2
         0.5 h#2~1 running @0 on thread.2
         0.5 h#1~1 queued_gil @0 on thread
         1 h#1~1 running @0 on thread
         1 h#2~1 queued_gil @0 on thread.2
         1.5 h#1~1 done
         1.5 h#1 ready by h#1~1
         1.5 h#1 done
         1.5 h#2~1 running @0 on thread.2
         2 h#2~1 done
         2 h#2 ready by h#2~1
         2 h#2 done",
    );
}

#[test]
fn a_thread_that_outlives_its_awaiter_needs_no_token() {
    check_sound(
        "pool 1
         task a: thread block 3
         a#1 arrived
         a#2 arrived
         a#1~1 part of a#1
         a#2~1 part of a#2
         0 a#1 ready
         0 a#2 ready
         0 a#1 offloaded @0
         0 a#1~1 blocking @1 on thread
         0 a#2 queued_token @0
         1 a#1 timed_out
         1 a#1 ready
         1 a#1 cancelled
         1 a#2 offloaded @0 by a#1
         1 a#2~1 blocking @1 on thread.2
         3 a#1~1 done
         4 a#2~1 done
         4 a#2 ready by a#2~1
         4 a#2 done",
    );
}

#[test]
fn time_that_goes_back_is_found() {
    let (workload, trace) = stage(
        "task a: await 1
         a#1 arrived
         a#2 arrived
         0 a#1 ready
         1 a#2 ready
         1 a#2 done
         1 a#1 done",
    );
    let mut records: Vec<Record> = trace.log.iter().collect();
    records.swap(0, 1);
    records.swap(1, 2);
    let violations = check_records(&workload, &trace, records.into_iter());
    let text = violations[0].to_string();
    assert_eq!(text, "at 1s: time never goes back: a#1 comes at 0s");
}

#[test]
fn a_record_after_the_end_is_found() {
    let (workload, mut trace) = stage(
        "task a: await 1
         a#1 arrived
         0 a#1 ready
         0 a#1 awaiting @0
         1 a#1 ready
         1 a#1 done",
    );
    trace.end = SimTime::ZERO;
    check_broken(
        &workload,
        &trace,
        &[Rule::TimeNeverGoesBack, Rule::TimeNeverGoesBack],
    );
}

#[test]
fn a_name_of_a_missing_instance_is_found() {
    let (workload, mut trace) = stage(
        "task a: cpu 1
         a#1 arrived
         0 a#1 ready
         0 a#1 running @0 on loop
         1 a#1 done",
    );
    trace.lanes.clear();
    let violations = check(&workload, &trace);
    assert_eq!(violations[0].rule, Rule::ReferencesExist);
}

#[test]
fn a_child_before_its_parent_is_found() {
    check_bad(
        "task a: yield
         a#1 arrived
         a#2 spawned of a#1
         0 a#2 ready
         0 a#2 done
         0 a#1 ready
         0 a#1 done",
        &[Rule::ParentsComeFirst],
    );
}

#[test]
fn a_record_after_the_end_of_an_instance_is_found() {
    check_bad(
        "task a: yield
         a#1 arrived
         0 a#1 ready
         0 a#1 done
         0 a#1 ready
         0 a#1 done",
        &[Rule::EndsAreFinal],
    );
}

#[test]
fn an_instance_that_never_ends_is_found() {
    check_bad(
        "task a: await 1
         a#1 arrived
         0 a#1 ready
         0 a#1 awaiting @0",
        &[Rule::AllInstancesEnd],
    );
    check_sound(
        "until 1
         task a: await 1
         a#1 arrived
         0 a#1 ready
         0 a#1 awaiting @0",
    );
}

#[test]
fn a_wait_without_a_cause_is_found() {
    check_bad(
        "task a: yield
         a#1 arrived
         0 a#1 ready
         0 a#1 waiting_event @0
         1 a#1 ready
         1 a#1 done",
        &[Rule::WaitsHaveCauses],
    );
    check_sound(
        "task a: yield
         a#1 arrived
         0 a#1 ready
         0 a#1 waiting_event @0
         1 a#1 cancel_requested
         1 a#1 ready
         1 a#1 cancelled",
    );
}

#[test]
fn a_wait_that_ends_past_the_ready_queue_is_found() {
    check_bad(
        "task a: await 1, cpu 1
         a#1 arrived
         0 a#1 ready
         0 a#1 awaiting @0
         1 a#1 running @1 on loop
         2 a#1 done",
        &[Rule::WaitsHaveCauses],
    );
}

/// Two tasks, each waiting for the other, with the given report.
fn deadlocked(state: State, held_by: [u32; 2]) -> (Workload, Trace) {
    let (workload, mut trace) = stage(
        "task a: yield
         a#1 arrived
         a#2 arrived
         0 a#1 ready
         0 a#2 ready
         0 a#1 waiting_permit @0
         0 a#2 waiting_permit @0",
    );
    let waiter = |id: u32| Waiter {
        instance: InstanceId(id),
        state,
        segment: SegmentId(0),
        resource: None,
        held_by: vec![InstanceId(held_by[id as usize])],
    };
    trace.ending = Ending::Deadlock(Deadlock {
        at: SimTime::ZERO,
        waiters: vec![waiter(0), waiter(1)],
        cycle: vec![0, 1],
    });
    (workload, trace)
}

#[test]
fn a_deadlock_report_must_agree_with_the_log() {
    let (workload, trace) = deadlocked(State::WaitingPermit, [1, 0]);
    check_broken(&workload, &trace, &[]);
    let (workload, trace) = deadlocked(State::WaitingItem, [1, 0]);
    check_broken(&workload, &trace, &[Rule::DeadlockIsTrue; 2]);
    let (workload, trace) = deadlocked(State::WaitingPermit, [1, 1]);
    check_broken(&workload, &trace, &[Rule::DeadlockIsTrue]);
}

#[test]
fn a_deadlock_report_must_name_all_waiting_instances() {
    let (workload, mut trace) = deadlocked(State::WaitingPermit, [1, 0]);
    if let Ending::Deadlock(deadlock) = &mut trace.ending {
        deadlock.waiters.pop();
        deadlock.cycle.clear();
    }
    check_broken(&workload, &trace, &[Rule::AllInstancesEnd]);
}

#[test]
fn a_coroutine_in_a_thread_is_found() {
    check_bad(
        "task a: cpu 1
         a#1 arrived
         0 a#1 ready
         0 a#1 running @0 on thread
         1 a#1 done",
        &[Rule::LanesFit],
    );
}

#[test]
fn a_worker_that_the_machine_does_not_have_is_found() {
    check_bad(
        "task a: yield
         def j: cpu 1
         a#1 arrived
         j#1 sent of a#1
         0 a#1 ready
         0 j#1 queued_job by a#1
         0 a#1 done
         0 j#1 running @1 on job.5
         1 j#1 done",
        &[Rule::LanesFit],
    );
}

#[test]
fn two_tasks_on_one_loop_at_once_are_found() {
    check_bad(
        "gil off
         task a: cpu 2
         a#1 arrived
         a#2 arrived
         0 a#1 ready
         0 a#2 ready
         0 a#1 running @0 on loop
         1 a#2 running @0 on loop
         2 a#1 done
         3 a#2 done",
        &[Rule::OneInstancePerLane],
    );
}

#[test]
fn two_holders_of_a_gil_are_found() {
    let text = "
        def f: cpu 1
        f#1 handler
        f#2 handler
        f#1~1 part of f#1
        f#2~1 part of f#2
        0 f#1 ready
        0 f#2 ready
        0 f#1 offloaded
        0 f#1~1 running @0 on thread
        0 f#2 offloaded
        0 f#2~1 running @0 on thread.2
        1 f#1~1 done
        1 f#2~1 done
        1 f#1 ready by f#1~1
        1 f#2 ready by f#2~1
        1 f#1 done
        1 f#2 done";
    check_bad(text, &[Rule::OneHolderPerGil]);
    check_sound(&format!("gil off\n{text}"));
    check_bad(&format!("gil off\ncores 1\n{text}"), &[Rule::CoresSuffice]);
    check_bad(&format!("gil off\npool 1\n{text}"), &[Rule::TokensSuffice]);
}

#[test]
fn a_free_gil_that_a_thread_waits_for_is_found() {
    check_bad(
        "task a: cpu 1
         a#1 arrived
         0 a#1 ready
         0 a#1 queued_gil @0 on loop
         1 a#1 running @0 on loop
         2 a#1 done",
        &[Rule::NoIdleGil],
    );
}

#[test]
fn a_core_that_idles_is_found() {
    check_bad(
        "cores 1
         task a: cpu 1
         a#1 arrived
         0 a#1 ready
         0 a#1 queued_core @0 on loop
         1 a#1 running @0 on loop
         2 a#1 done",
        &[Rule::NoIdleCore],
    );
}

#[test]
fn a_loop_that_idles_is_found() {
    check_bad(
        "task a: yield
         a#1 arrived
         0 a#1 ready
         1 a#1 done",
        &[Rule::NoIdleLoop],
    );
    check_bad(
        "task a: yield
         a#1 arrived
         0 a#1 unaccepted
         1 a#1 ready
         1 a#1 done",
        &[Rule::NoIdleLoop],
    );
}

#[test]
fn a_free_token_that_is_not_handed_over_is_found() {
    check_bad(
        "def f: block 1
         f#1 handler
         f#1~1 part of f#1
         0 f#1 ready
         0 f#1 queued_token
         1 f#1 offloaded
         1 f#1~1 blocking @0 on thread
         2 f#1~1 done
         2 f#1 ready by f#1~1
         2 f#1 done",
        &[Rule::NoIdleWorker],
    );
}

#[test]
fn lost_and_doubled_cpu_time_is_found() {
    let text = |end: u32| {
        format!(
            "task a: cpu 2
             a#1 arrived
             0 a#1 ready
             0 a#1 running @0 on loop
             {end} a#1 done"
        )
    };
    check_sound(&text(2));
    check_bad(&text(1), &[Rule::CpuTimeIsExact; 2]);
    check_bad(&text(4), &[Rule::CpuTimeIsExact]);
}

#[test]
fn a_body_that_was_skipped_is_found() {
    check_bad(
        "task a: cpu 2, cpu 3
         a#1 arrived
         0 a#1 ready
         0 a#1 running @0 on loop
         2 a#1 done",
        &[Rule::CpuTimeIsExact],
    );
}

#[test]
fn cpu_time_in_a_segment_that_has_none_is_found() {
    check_bad(
        "task a: block 2
         a#1 arrived
         0 a#1 ready
         0 a#1 running @0 on loop
         2 a#1 done",
        &[Rule::CpuTimeIsExact; 2],
    );
}

#[test]
fn a_short_wait_and_a_short_block_are_found() {
    check_bad(
        "task a: await 3, block 3
         a#1 arrived
         0 a#1 ready
         0 a#1 awaiting @0
         2 a#1 ready
         2 a#1 blocking @1 on loop
         4 a#1 done",
        &[Rule::WaitTimeIsExact; 2],
    );
}

#[test]
fn a_cancellation_in_the_middle_of_a_step_ends_the_next_wait() {
    let run = |request: &str| {
        format!(
            "task a: yield, cpu 0, await 3
             a#1 arrived
             0 a#1 ready
             0 a#1 ready @0
             0 a#1 cancel_requested {request}
             0 a#1 awaiting @2
             0 a#1 ready @2
             0 a#1 done"
        )
    };
    check_sound(&run("@1"));
    // Before the step it is taken by the step itself.
    check_bad(&run("@0"), &[Rule::WaitTimeIsExact]);
}

#[test]
fn the_list_of_violations_has_an_end() {
    let (workload, sound) = stage("task a: yield");
    let count = 1_000;
    let instance = |number| Instance {
        task: crate::workload::TaskIndex(0),
        number,
        parent: None,
        role: Role::Arrived,
        server: 0,
    };
    let trace = Trace {
        instances: (1..=count).map(instance).collect(),
        log: Log::default(),
        lanes: Vec::<Lane>::new(),
        ..sound
    };
    assert_eq!(check(&workload, &trace).len(), VIOLATIONS_MAX);
}
