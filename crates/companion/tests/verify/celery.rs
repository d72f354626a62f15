//! Verification on Celery, with a Redis that is started for the run and ends with it.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::fastapi::set_up;
use crate::support::{Place, check, nobody_is_left, report, run};

#[test]
fn jobs_are_done_by_workers_one_at_a_time() {
    set_up();
    check(
        "celery",
        "jobs 2\nprefetch 1\ndef render: cpu 100ms -> block 100ms -> print \"done\"\n\
         def bad: block 50ms -> fail \"no\"\n\
         order:\n    send render as first\n    send bad as second\n    wait first\n    \
         try:\n        wait second\n    except:\n        print \"failed\"\n\
         asks: repeat 3: (send render)\nrun order\nrun asks at 50ms\n",
    );
}

#[test]
fn a_job_that_is_revoked_in_time_never_runs() {
    set_up();
    let script = "jobs 1\nprefetch 0\ndef render: block 600ms\n\
                  a:\n    send render as first\n    send render as second\n    cancel second\n    wait first\nrun a\n";
    let report = report("celery", script, &["--runs", "1"]);
    let outcome = |at: usize| &report["tasks"][at]["outcomes_measured"][0];
    assert_eq!(
        [outcome(1), outcome(2)],
        ["done", "cancelled"],
        "{report:#}"
    );
    for program in ["Celery", "Redis", "Python"] {
        assert!(report["versions"][program].is_string(), "{report:#}");
    }
}

#[test]
fn a_handle_may_be_a_task_and_a_job() {
    set_up();
    check(
        "celery",
        "jobs 1\ndef render: block 50ms\nchild: await 50ms\n\
         a: spawn child as h -> wait h -> send render as h -> wait h\nrun a\n",
    );
}

#[test]
fn a_script_without_jobs_is_refused_with_the_remedy() {
    let place = Place::new();
    let output = run(place.verify("a: await 1ms\n", &["--on", "celery"]));
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{errors}");
    assert!(errors.contains("write `send f`"), "{errors}");
}

const LONG: &str =
    "jobs 2\ndef render: block 1h\na: send render as h -> send render -> wait h\nrun a\n";

#[test]
fn a_redis_that_is_not_there_is_named_with_the_remedy() {
    set_up();
    let place = Place::new();
    let mut command = place.verify(LONG, &["--on", "celery"]);
    command.env("LOOPSCOPE_REDIS", "/nowhere/redis-server");
    check_said(command, 5, "apt-get install redis-server");
}

#[test]
fn a_redis_that_dies_ends_the_run_and_everybody() {
    set_up();
    for seconds in ["0", "2"] {
        let place = Place::new();
        let redis = mortal_redis(place.path(), seconds);
        let mut command = place.verify(LONG, &["--on", "celery"]);
        command.env("LOOPSCOPE_REDIS", redis);
        check_said(command, 1, "redis-server ended in the middle of the run");
        assert_eq!(place.leftovers(), Vec::<PathBuf>::new());
        nobody_is_left(place.path());
    }
}

#[test]
fn a_celery_run_that_hangs_is_ended_with_its_redis_and_workers() {
    set_up();
    let place = Place::new();
    check_said(
        place.verify(LONG, &["--on", "celery", "--runs", "1", "--limit", "3"]),
        4,
        "stopped after 3 s",
    );
    assert_eq!(place.leftovers(), Vec::<PathBuf>::new());
    nobody_is_left(place.path());
}

#[track_caller]
fn check_said(command: Command, code: i32, words: &str) {
    let output = run(command);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{errors}");
    assert!(errors.contains(words), "{errors}");
}

/// A Redis that is killed so many seconds after its start: `0` during startup, `2` in the middle of
/// the run.
fn mortal_redis(folder: &Path, seconds: &str) -> PathBuf {
    let path = folder.join("redis-server");
    let script = format!(
        "#!/bin/sh\nexec timeout --foreground --signal=KILL {seconds}.3 redis-server \"$@\"\n"
    );
    fs::write(&path, script).expect("a file can be written");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("and made executable");
    path
}
