//! Verification on asyncio, with the machine's CPython.

use std::process::Command;

use serde_json::Value;

use crate::support::{Place, check, report, run};

#[test]
fn the_blackboard_holds() {
    check(
        "asyncio",
        "make_pasta: cpu 150ms -> await 250ms\nmake_toast: cpu 300ms\n",
    );
}

#[test]
fn handlers_wait_for_the_pool() {
    check("asyncio", "pool 2\ndef ping: block 100ms\nrun 5 ping\n");
}

#[test]
fn children_are_told_apart() {
    check(
        "asyncio",
        "def compute: cpu 20ms\nleaf: await 300ms\nfails: await 100ms -> fail \"no\"\n\
         all:\n    gather 3 leaf\n    try:\n        group:\n            spawn leaf\n            spawn fails\n    \
         except:\n        print \"one failed\"\n    shield leaf\n    spawn leaf as h\n    cancel h\n    \
         thread compute\n    executor compute\n    thread (block 10ms)\nrun all\n",
    );
}

#[test]
fn processes_and_jobs_tell_what_they_did() {
    check(
        "asyncio",
        "processes 1\njobs 1\ndef compute: cpu 100ms\nasks: process compute\n\
         sends: send compute as h -> respond -> wait h\nrun asks, sends\n",
    );
}

#[test]
fn waiting_for_each_other_is_seen() {
    check(
        "asyncio",
        "queue q 1\nlock m\nevent e\nproducer: repeat 3: (await 50ms -> put q)\n\
         consumer: repeat 3: (get q -> await 80ms)\nholder: with m: (await 100ms) -> set e\n\
         next: with m: (wait e -> print \"through\")\n",
    );
}

/// Each wait of `asks` is ended by `tells` after it has begun.
#[test]
fn the_reason_of_each_wait_is_measured() {
    let script = "queue q\nlock m\nevent a\nevent b\nevent e\ndef compute: block 10ms\nleaf: await 10ms\n\
                  tells: with m: (await 10ms) -> wait a -> put q -> wait b -> set e\n\
                  asks:\n    with m: (set a)\n    get q\n    set b\n    wait e\n    gather 2 leaf\n    \
                  shield leaf\n    spawn leaf as h\n    wait h\n    executor compute\n    await 10ms\n\
                  run tells, asks\n";
    let place = Place::new();
    let file = place.path().join("measured.json");
    let path = file.to_str().expect("a path in Unicode");
    run(place.verify(script, &["--on", "asyncio", "--runs", "1", "--trace", path]));
    let text = std::fs::read_to_string(&file).expect("a trace");
    let trace: Value = serde_json::from_str(&text).expect("JSON");
    let records = trace["records"].as_array().expect("a list");
    let states = records.iter().filter(|record| record[1] == 1);
    let states = states.filter_map(|record| record[2].as_str());
    let waits: Vec<&str> = states
        .filter(|state| !["ready", "done"].contains(state))
        .collect();
    assert_eq!(
        waits,
        [
            "waiting_permit",
            "waiting_item",
            "waiting_event",
            "waiting_all",
            "waiting_task",
            "waiting_task",
            "offloaded",
            "awaiting"
        ],
        "{text}"
    );
}

#[test]
fn until_stops_the_clock_even_where_somebody_would_not_stop() {
    check(
        "asyncio",
        "until 200ms\nstubborn:\n    try:\n        await 1h\n    finally:\n        await 1h\n",
    );
}

#[test]
fn a_deadlock_is_found_in_reality_too() {
    let script = "lock a\nlock b\none: with a: (await 20ms -> with b: (yield))\n\
                  two: with b: (await 20ms -> with a: (yield))\n";
    let report = report("asyncio", script, &["--runs", "1"]);
    let outcomes = &report["tasks"][0]["outcomes_measured"];
    assert_eq!(outcomes, &Value::from(vec!["running"]), "{report:#}");
}

#[test]
fn a_task_may_be_called_anything() {
    check(
        "asyncio",
        // Hangul, a keyword, and a ligature that Python normalises to `fi`.
        "파스타: await 20ms\nclass: await 10ms\nﬁ: await 10ms\nrun 파스타, class, ﬁ\n",
    );
}

#[test]
fn a_scale_shortens_every_second() {
    let report = report(
        "asyncio",
        "a: await 10\n",
        &["--scale", "0.01", "--runs", "3"],
    );
    assert_eq!(report["total"]["predicted_ns"], 100_000_000);
    assert_eq!(report["total"]["runs_ns"].as_array().map(Vec::len), Some(3));
}

/// With threads the script takes 100 s instead of 200, so the scale must use the prediction for
/// that runtime.
#[test]
fn a_run_is_scaled_to_so_many_seconds() {
    let script = "a: block 100\nb: block 100\n";
    for runtime in ["asyncio", "threads"] {
        let report = report(runtime, script, &["--seconds", "0.2", "--runs", "1"]);
        assert_eq!(report["total"]["predicted_ns"], 200_000_000, "{runtime}");
    }
}

#[test]
fn what_the_machine_cannot_do_is_said() {
    let script = "servers 3\ngil off\nping: await 50ms\nrun 4 ping\n";
    let report = report("asyncio", script, &["--runs", "1"]);
    let notes = report["notes"].as_array().expect("a list");
    assert!(
        notes.iter().any(|note| note["note"] == "one_process"),
        "{notes:?}"
    );
}

/// A normal exit would cancel the task and wait for its `finally`.
#[test]
fn an_exported_program_stops_where_the_script_does() {
    let place = Place::new();
    let script = "until 100ms\njobs 1\ndef long: block 1h\n\
                  a:\n    send long\n    try:\n        await 1h\n    finally:\n        await 1h\n";
    let file = place.write("script.loop", script);
    let program = place.path().join("program.py");
    let exported = Command::new(env!("CARGO_BIN_EXE_loopscope"))
        .args(["export", "--to", "asyncio"])
        .arg(file)
        .arg("-o")
        .arg(&program)
        .status();
    assert!(exported.expect("the program starts").success());
    // The time limit is only reached if the program hangs.
    let ran = Command::new("timeout")
        .args(["60", "python3"])
        .arg(program)
        .status();
    assert!(ran.expect("Python starts").success());
}

#[test]
fn prediction_and_measurement_are_drawn_over_each_other() {
    let place = Place::new();
    let picture = place.path().join("overlay.svg");
    let path = picture.to_str().expect("a path in Unicode");
    run(place.verify(
        "boil: await 50ms\n",
        &["--on", "asyncio", "--runs", "1", "--overlay", path],
    ));
    let drawn = std::fs::read_to_string(&picture).expect("a picture");
    assert!(drawn.starts_with("<svg"), "{drawn}");
    assert!(drawn.contains("measured on asyncio"), "{drawn}");
}

#[test]
fn what_was_measured_can_be_opened_again() {
    let place = Place::new();
    let file = place.path().join("measured.json");
    let path = file.to_str().expect("a path in Unicode");
    run(place.verify(
        "boil: await 50ms\nfry: await 20ms -> block 10ms\n",
        &[
            "--on", "asyncio", "--runs", "1", "--scale", "0.5", "--trace", path,
        ],
    ));
    let opened = Command::new(env!("CARGO_BIN_EXE_loopscope"))
        .arg("open")
        .arg(&file)
        .output()
        .expect("the program starts");
    let drawn = String::from_utf8_lossy(&opened.stdout);
    assert!(opened.status.success(), "{opened:?}");
    assert!(
        drawn.contains("boil") && drawn.contains("blocking"),
        "{drawn}"
    );
}
