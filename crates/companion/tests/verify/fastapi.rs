//! Verification on FastAPI under uvicorn, over HTTP.
//!
//! The packages are installed once by `loopscope setup python`, as a user would do it, and stay
//! installed.

use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use crate::support::{Place, check, report, run};

pub(crate) fn set_up() {
    // The tests run in parallel, and only one of them may install.
    static READY: OnceLock<()> = OnceLock::new();
    READY.get_or_init(|| {
        let mut setup = Command::new(env!("CARGO_BIN_EXE_loopscope"));
        setup.args(["setup", "python"]);
        let output = run(setup);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{errors}");
    });
}

#[test]
fn handlers_of_both_kinds_answer_over_http() {
    set_up();
    check(
        "fastapi",
        "pool 2\ndef report: block 200ms\nasync def ping: await 100ms -> thread (block 50ms)\n\
         run 3 report\nrun 2 ping every 100ms\n",
    );
}

#[test]
fn what_follows_the_response_is_a_background_task() {
    set_up();
    check(
        "fastapi",
        "processes 1\ndef heavy: cpu 20ms\ndef report: block 50ms -> respond -> block 100ms\n\
         ping: await 50ms -> process heavy -> respond -> await 100ms\nrun report, ping\n",
    );
}

#[test]
fn a_handler_that_fails_has_failed() {
    set_up();
    check(
        "fastapi",
        "bad: await 20ms -> fail \"no\"\ngood: await 50ms\nrun bad, good\n",
    );
}

#[test]
fn a_thread_whose_caller_gave_up_is_seen_to_its_end() {
    set_up();
    check(
        "fastapi",
        "order:\n    timeout 100ms:\n        thread (block 600ms)\n    else:\n        print \"too slow\"\nrun order\n",
    );
}

#[test]
fn work_that_no_thread_began_has_no_number() {
    set_up();
    check(
        "fastapi",
        "pool 1\nhog: thread (block 600ms)\n\
         order:\n    timeout 100ms:\n        thread (block 50ms)\n    else:\n        print \"too slow\"\n\
         run hog, order\n",
    );
}

#[test]
fn several_servers_share_the_requests() {
    set_up();
    let report = report(
        "fastapi",
        "servers 2\nping: await 100ms\nrun 6 ping\n",
        &["--runs", "1"],
    );
    assert_eq!(
        report["tasks"].as_array().map(Vec::len),
        Some(6),
        "{report:#}"
    );
    assert!(report["versions"]["FastAPI"].is_string(), "{report:#}");
}

#[test]
fn what_is_not_installed_is_named_with_the_command_that_installs_it() {
    let place = Place::new();
    let mut command = place.verify("a: await 1ms\n", &["--on", "fastapi"]);
    command.env("LOOPSCOPE_DATA", place.path().join("nothing"));
    let output = run(command);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(5), "{errors}");
    assert!(errors.contains("loopscope setup python"), "{errors}");
}

#[test]
fn a_setup_that_fails_leaves_nothing_half_made() {
    let place = Place::new();
    let data = place.path().join("data");
    let mut setup = Command::new(env!("CARGO_BIN_EXE_loopscope"));
    setup.args(["setup", "python"]).env("LOOPSCOPE_DATA", &data);
    setup.env("LOOPSCOPE_PYTHON", "/nowhere/python3");
    assert_eq!(run(setup).status.code(), Some(5));
    let left = std::fs::read_dir(&data)
        .expect("the folder is there")
        .flatten();
    let left: Vec<PathBuf> = left.map(|entry| entry.path()).collect();
    assert_eq!(left, [data.join("lock")]);
}

#[test]
fn a_server_that_hangs_is_ended_at_its_limit() {
    set_up();
    let place = Place::new();
    let arguments = ["--on", "fastapi", "--runs", "1", "--limit", "3"];
    let output = run(place.verify("a: block 1h\n", &arguments));
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(4), "{errors}");
    assert_eq!(place.leftovers(), Vec::<PathBuf>::new());
}
