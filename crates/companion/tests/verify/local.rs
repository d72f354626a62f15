//! Verification on operating-system threads and on tokio.

use std::path::PathBuf;
use std::process::Command;

use crate::support::{Place, check, report, run};

const BLACKBOARD: &str = "make_pasta: cpu 100ms -> await 200ms\nmake_toast: cpu 200ms\n";

#[test]
fn tasks_are_threads() {
    check("threads", BLACKBOARD);
    check("threads", &format!("gil off\n{BLACKBOARD}"));
    check(
        "threads",
        "def work: try: (cpu 20ms -> fail \"no\") except: (block 30ms -> print \"caught\")\n\
         fails: repeat 3: (await 10ms) -> thread work -> fail \"too\"\nrun 4 work every 20ms\nrun fails\n",
    );
}

#[test]
fn what_threads_do_not_have_is_named_with_its_line() {
    let place = Place::new();
    let command = place.verify(
        "b: await 1ms\na:\n    gather 2 b\nrun a\n",
        &["--on", "threads"],
    );
    let output = run(command);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{errors}");
    assert!(errors.contains("child tasks (line 3)"), "{errors}");
}

#[test]
fn tokio_holds_the_blackboard() {
    check("tokio", BLACKBOARD);
    check("tokio", "pool 2\ndef ping: block 100ms\nrun 5 ping\n");
}

#[test]
fn tokio_has_children_and_ends_them() {
    check(
        "tokio",
        "def compute: cpu 20ms\nleaf: await 30ms\nslow: await 1h\nfails: await 60ms -> fail \"no\"\n\
         all:\n    gather 3 leaf\n    try:\n        group:\n            spawn slow\n            spawn fails\n    \
         except:\n        print \"one failed\"\n    shield leaf\n    spawn slow as h\n    await 10ms\n    cancel h\n    \
         timeout 50ms:\n        await 1h\n    else:\n        print \"gave up\"\n    \
         thread compute\n    executor compute\n    process compute\n    thread (block 10ms)\nrun all\n",
    );
}

#[test]
fn tokio_shares_locks_queues_and_events() {
    check(
        "tokio",
        "queue q 1\nlock m\nevent e\nproducer: repeat 3: (await 50ms -> put q)\n\
         consumer: repeat 3: (get q -> await 80ms)\nholder: with m: (await 100ms) -> set e\n\
         next: with m: (wait e -> print \"through\")\n",
    );
}

#[test]
fn jobs_are_done_even_if_nobody_waits() {
    check(
        "tokio",
        "jobs 1\ndef job: block 50ms\na: send job -> send job\n",
    );
}

#[test]
fn a_local_run_that_hangs_is_ended_too() {
    for runtime in ["threads", "tokio"] {
        let place = Place::new();
        let arguments = ["--on", runtime, "--runs", "1", "--limit", "1"];
        let output = run(place.verify("def a: block 1h\nrun 2 a\n", &arguments));
        assert_eq!(output.status.code(), Some(4), "{runtime}");
        assert_eq!(place.leftovers(), Vec::<PathBuf>::new());
    }
}

#[test]
fn until_stops_threads_and_tokio_where_they_are() {
    for runtime in ["threads", "tokio"] {
        let report = report(runtime, "until 100ms\ndef a: block 1h\n", &["--runs", "1"]);
        assert_eq!(report["total"]["measured_ns"], 100_000_000, "{report:#}");
    }
}

/// The command that runs a workload is internal: without a workload it fails.
#[test]
fn without_a_workload_there_is_nothing_to_run() {
    let place = Place::new();
    let ended = Command::new(env!("CARGO_BIN_EXE_loopscope"))
        .arg("run-workload-in-this-process")
        .arg(place.path())
        .status();
    assert!(!ended.expect("the program starts").success());
}
