//! Facts about the real runtime that tutorials get wrong, one per test.
//!
//! Each one was observed on CPython 3.11 with AnyIO 4 (see the model card). These tests check that
//! the simulator does the same. `check` lists when each task ends.

#![cfg(not(target_arch = "wasm32"))]

use model::trace::{Ending, Role, Trace, check as invariants};
use model::workload::Workload;
use sim::simulate;
use texts::Language;

/// `name#number outcome time` for every task instance, e.g. `ping#3 done 5.1s`, in the order of
/// their ends.
#[track_caller]
fn ends(text: &str) -> Vec<String> {
    let (workload, trace) = run(text);
    let ended = trace.log.iter().filter(|record| record.state.is_terminal());
    let tasks = ended.filter(|record| trace.instance(record.instance).role != Role::Part);
    tasks
        .map(|record| {
            let instance = trace.instance(record.instance);
            let name = &workload.task(instance.task).name;
            let state = format!("{:?}", record.state).to_lowercase();
            format!("{name}#{} {state} {}", instance.number, record.at)
        })
        .collect()
}

#[track_caller]
fn run(text: &str) -> (Workload, Trace) {
    let parsed = script::parse(text);
    let workload = parsed.workload.unwrap_or_else(|| {
        let messages = parsed
            .diagnostics
            .iter()
            .map(|each| each.message(Language::default()));
        panic!("{}\n{text}", messages.collect::<Vec<_>>().join("\n"))
    });
    let trace = simulate(&workload);
    let violations = invariants::check(&workload, &trace);
    assert!(violations.is_empty(), "{violations:?}\n{text}");
    (workload, trace)
}

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    assert_eq!(ends(text), expected, "\n{text}");
}

#[track_caller]
fn check_total(text: &str, expected: &str) {
    assert_eq!(run(text).1.end.to_string(), expected, "\n{text}");
}

#[test]
fn tasks_on_one_loop_share_its_time() {
    // Pasta's await is over at 8 s, but toast holds the loop until 9 s.
    check(
        "make_pasta: cpu 3 -> await 5\nmake_toast: cpu 6\n",
        &["make_toast#1 done 9s", "make_pasta#1 done 9s"],
    );
    check(
        "pasta: cpu 3 -> cpu 4\ntoast: cpu 6\n",
        &["pasta#1 done 7s", "toast#1 done 13s"],
    );
    check(
        "pasta: cpu 3 -> yield -> cpu 4\ntoast: cpu 6\n",
        &["toast#1 done 9s", "pasta#1 done 13s"],
    );
}

#[test]
fn threads_wait_for_the_permits_of_a_pool() {
    check(
        "pool db 2\ndef get: with db (block 1)\nrun 4 get\n",
        &[
            "get#1 done 1s",
            "get#2 done 1s",
            "get#3 done 2s",
            "get#4 done 2s",
        ],
    );
    // The third thread waits as long as it may.
    check(
        "pool db 2 timeout 500ms\ndef get: with db (block 1)\nrun 3 get\n",
        &["get#3 failed 500ms", "get#1 done 1s", "get#2 done 1s"],
    );
    // `greedy` asks again before the thread that it woke has the GIL. Measured with
    // `threading.BoundedSemaphore` of CPython 3.11.7: 310 ms and 404 ms.
    check(
        "pool db 1\ngreedy: thread (repeat 3 (with db (block 100ms)))\n\
         patient: await 50ms -> thread (with db (cpu 50ms) -> with db (block 50ms))\n",
        &["greedy#1 done 305ms", "patient#1 done 400ms"],
    );
    // A coroutine that waits blocks its loop.
    check(
        "pool db 1\na: thread (with db (block 1))\nb: await 100ms -> with db (cpu 100ms)\n\
         c: await 200ms\n",
        &["b#1 done 1.1s", "a#1 done 1.1s", "c#1 done 1.1s"],
    );
}

#[test]
fn failures_do_not_make_a_percentile_look_fast() {
    let holds = |text: &str| {
        let (workload, trace) = run(text);
        model::trace::AnalysedRun::of(std::rc::Rc::new(workload), trace).verdicts()[0].holds
    };
    assert!(holds("f: await 10ms\nrun 20 f\nexpect f p95 < 1s\n"));
    assert!(!holds(
        "f: await 10ms -> fail \"no\"\nrun 20 f\nexpect f p95 < 1s\n"
    ));
    assert!(!holds(
        "pool db 1 timeout 10ms\ndef q: with db (block 200ms)\nrun 20 q\nexpect q p95 < 1s\n"
    ));
    // The failure comes after the response.
    assert!(holds(
        "f: await 10ms -> respond -> await 1s -> fail \"no\"\nrun 20 f\nexpect f p95 < 1s\n"
    ));
}

#[test]
fn a_pool_and_too_few_threads_deadlock() {
    // As in production: each call takes a connection on one thread and gives it back on another,
    // while all threads wait for a connection.
    let text = "pool 3\npool db 2\nget:\n    thread (acquire db)\n    thread (block 100ms)\n    \
                thread (release db)\nrun 6 get\n";
    let (_, trace) = run(text);
    let Ending::Deadlock(deadlock) = &trace.ending else {
        panic!("{:?}", trace.ending);
    };
    assert!(!deadlock.cycle.is_empty(), "{deadlock:?}");
    // A coroutine that holds the only permit cannot go on: its loop is blocked by another one.
    let text = "pool db 1\nslow: with db (await 1s)\nfast: await 100ms -> with db (await 1s)\n";
    let (_, trace) = run(text);
    assert!(
        matches!(trace.ending, Ending::Deadlock(_)),
        "{:?}",
        trace.ending
    );
    // A semaphore is not blamed on a task that never held it.
    let text = "semaphore s 1\nw: acquire s\nmain: spawn w -> await 1 -> acquire s\nrun main\n";
    let (_, trace) = run(text);
    let Ending::Deadlock(deadlock) = &trace.ending else {
        panic!("{:?}", trace.ending);
    };
    let holders: Vec<_> = deadlock
        .waiters
        .iter()
        .map(|waiter| waiter.held_by.len())
        .collect();
    assert_eq!((holders, deadlock.cycle.len()), (vec![0], 0));
    // With a time limit the wait fails, and the loop goes on.
    check(
        "pool db 1 timeout 2s\nslow: with db (await 1s)\nfast: await 100ms -> with db (await 1s)\n",
        &["fast#1 failed 2.1s", "slow#1 done 2.1s"],
    );
}

#[test]
fn the_pool_serves_forty_at_a_time() {
    // Three waves: ceil(100 / 40).
    check_total("def ping: block 1\nrun 100 ping\n", "3s");
    check_total("ping: await 1\nrun 100 ping\n", "1s");
    check_total("ping: block 1\nrun 100 ping\n", "100s");
}

#[test]
fn a_late_sleeper_does_not_catch_up() {
    check(
        "sleeper: await 1 -> await 1\nhog: cpu 3\n",
        &["hog#1 done 3s", "sleeper#1 done 4s"],
    );
}

#[test]
fn a_blocking_request_delays_earlier_ones_too() {
    check(
        "early: await 1 -> await 1\nrude: block 5\nrun early\nrun rude at 500ms\n",
        &["rude#1 done 5.5s", "early#1 done 6.5s"],
    );
}

#[test]
fn a_yield_lets_a_due_timer_in_two_chunks_later() {
    let script = "\
sleeper:
    await 1
    print \"awake\"
chunks:
    repeat 4:
        cpu 1
        yield
";
    let (_, trace) = run(script);
    // The timer's callback is queued behind the second chunk. It wakes the sleeper behind the
    // third.
    let awake = trace
        .log
        .iter()
        .find(|record| record.state == model::trace::State::Printed);
    assert_eq!(
        awake.map(|record| record.at.to_string()),
        Some("3s".to_owned())
    );
}

#[test]
fn a_thread_result_overtakes_an_older_timer_that_expired_in_the_hold() {
    check(
        // The result was queued during the hold; the loop collects expired timers only afterwards.
        "timer: await 2\nthreaded: executor (block 1)\nhog: yield -> cpu 5\n",
        &["hog#1 done 5s", "threaded#1 done 5s", "timer#1 done 5s"],
    );
}

#[test]
fn a_timeout_beats_a_sleep_with_the_same_deadline() {
    check("a:\n    timeout 1:\n        await 1\n", &["a#1 failed 1s"]);
}

#[test]
fn a_timeout_needs_the_loop_to_fire() {
    // The step after the first yield is queued before the timeout's callback. So only at a second
    // yield can the timeout cancel the task.
    let held = |yields: &str| format!("a:\n    timeout 1:\n        block 3\n{yields}");
    check(&held("        yield\n"), &["a#1 done 3s"]);
    check(&held("        yield\n        yield\n"), &["a#1 failed 3s"]);
}

#[test]
fn a_timeout_on_a_thread_ends_the_wait_and_not_the_work() {
    let (workload, trace) = run(
        "pool 1\na:\n    timeout 1:\n        thread (block 5)\n    else:\n        thread (block 1)\n",
    );
    let summary = model::trace::summary::summarize(&workload, &trace);
    assert_eq!(trace.end.to_string(), "5s");
    assert_eq!(
        summary.threads_peak, 2,
        "the token was free, the thread was not"
    );
}

#[test]
fn a_held_loop_starts_no_def() {
    check(
        "def quick: block 1\nhog: cpu 3\nrun quick\nrun hog\n",
        &["hog#1 done 3s", "quick#1 done 4s"],
    );
}

#[test]
fn threads_take_turns_under_the_gil() {
    check_total("def work: cpu 1\nrun 2 work\n", "2s");
    check_total("gil off\ndef work: cpu 1\nrun 2 work\n", "1s");
    check_total("work: process (cpu 1)\nrun 2 work\n", "1s");
    check_total("cores 1\nwork: process (cpu 1)\nrun 2 work\n", "2s");
}

#[test]
fn who_comes_back_from_io_waits_a_switch_interval() {
    // Each of the fifty reads takes 1 ms and then a switch interval of 5 ms to get the GIL. One
    // more interval is for the loop, which needs the GIL for the result.
    check(
        "def io:\n    repeat 50:\n        block 1ms\ndef burn: cpu 1\nrun io\nrun burn\n",
        &["io#1 done 305ms", "burn#1 done 1s"],
    );
    check(
        "ticker:\n    repeat 10:\n        await 10ms\ndef burn: cpu 1\nrun ticker\nrun burn\n",
        &["ticker#1 done 150ms", "burn#1 done 1s"],
    );
}

#[test]
fn yielding_beside_a_computing_thread_keeps_the_gil() {
    check(
        "yielder:\n    repeat 100:\n        yield\ndef burn: cpu 1\nrun yielder\nrun burn\n",
        &["yielder#1 done 0s", "burn#1 done 1s"],
    );
}

#[test]
fn a_job_can_be_stuck_behind_a_long_one() {
    let script = "\
jobs 2
def long: block 10
def short: block 1
request:
    send long
    repeat 3:
        send short
";
    check(
        script,
        &[
            "request#1 done 0s",
            "short#1 done 1s",
            "short#3 done 2s",
            "long#1 done 10s",
            "short#2 done 11s",
        ],
    );
    // With prefetch a worker reserves the next job while it works: `short#2` waits behind `long`.
    check_total(&format!("prefetch 0\n{script}"), "10s");
}

#[test]
fn one_server_process_freezes_and_the_other_serves() {
    let script = |servers: u32| {
        format!(
            "servers {servers}\nrude: block 5\nping: await 100ms\nrun rude\nrun 3 ping every 1s\nexpect total 5s\n"
        )
    };
    let frozen = ends(&script(1));
    let served = ends(&script(2));
    assert_eq!(frozen.last().map(String::as_str), Some("ping#3 done 5.1s"));
    assert_eq!(served.last().map(String::as_str), Some("ping#1 done 5.1s"));
    assert!(
        served.contains(&"ping#3 done 2.1s".to_owned()),
        "{served:?}"
    );
}

#[test]
fn what_nobody_waits_for_is_cancelled_at_the_end() {
    check(
        "background: await 10\nmain_task: spawn background -> await 1\n",
        &["main_task#1 done 1s", "background#1 cancelled 1s"],
    );
}

#[test]
fn a_failure_cancels_its_siblings_in_a_group() {
    check(
        "bad: await 1 -> fail \"no\"\ngood: await 5\nparent:\n    group:\n        spawn bad\n        spawn good\n",
        &[
            "bad#1 failed 1s",
            "good#1 cancelled 1s",
            "parent#1 failed 1s",
        ],
    );
}

#[test]
fn a_long_stretch_of_turn_taking_costs_no_more_than_a_short_one() {
    let records = |hours: u32| {
        let text = format!("def a: cpu {hours}h\ndef b: cpu {hours}h -> cpu 1\nrun a, b\n");
        let (_, trace) = run(&text);
        assert_eq!(trace.end.to_string(), format!("{}s", hours * 7_200 + 1));
        trace.log.len()
    };
    assert!(
        records(20) < 3 * records(1),
        "{} and {}",
        records(20),
        records(1)
    );
}

#[test]
fn merged_turns_leave_everybody_where_single_ones_do() {
    // Up to the visitor's timer the turns are simulated one by one; without a pending timer they
    // are merged. When each task ends must not depend on that.
    let ends_of = |visitor: &str| {
        let text = format!(
            "visitor: {visitor}\ndef a: cpu 100\ndef b: cpu 103\ndef c: cpu 101.0035\nrun a, b, c\nrun visitor\n"
        );
        let mut ends = ends(&text);
        ends.retain(|end| !end.starts_with("visitor"));
        ends
    };
    assert_eq!(ends_of("await 400"), ends_of("yield"));
}

#[test]
fn a_timer_that_nobody_waits_for_changes_nothing() {
    let late_timer = "until 10\nb:\n    timeout 30:\n        await 2\n";
    let (_, trace) = run(late_timer);
    assert_eq!(
        (trace.end.to_string(), trace.ending),
        ("2s".to_owned(), Ending::Finished)
    );

    let stuck = "event e\na:\n    timeout 100:\n        await 1\n    wait e\n";
    let (_, trace) = run(stuck);
    match trace.ending {
        Ending::Deadlock(deadlock) => assert_eq!(deadlock.at.to_string(), "1s"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn adding_a_task_never_changes_anothers_draws() {
    let alone = "a: thread (block 1..3s) -> thread (block 1..3s)\n";
    let a_ends = |text: &str| {
        let mut ends = ends(text);
        ends.retain(|end| end.starts_with("a#"));
        ends
    };
    assert_eq!(
        a_ends(alone),
        a_ends(&format!("{alone}b: thread (block 1) -> await 1\n"))
    );
    assert_eq!(
        a_ends(alone),
        a_ends(&format!("b: thread (block 1)\n{alone}"))
    );
}
