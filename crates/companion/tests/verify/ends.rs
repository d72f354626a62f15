//! All ways in which a verification can end: no process and no folder remains.
//!
//! A wrapper starts Python and holds a pipe open. All child processes inherit the pipe, so it ends
//! exactly when the last of them has ended.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output};
use std::sync::mpsc;
use std::time::Duration;

use crate::support::{Place, nobody_is_left, processes_of, run, until};

/// Two processes that compute for an hour.
const ENDLESS: &str = "processes 2\ndef work: cpu 1h\na: process work\nrun 2 a\n";
/// Time limit of operations that usually take milliseconds.
const PATIENCE: Duration = Duration::from_mins(1);

/// The started processes, observed through the pipe that they hold open.
struct Started {
    pipe: BufReader<File>,
}

impl Started {
    /// Runs the command with a Python that reports when it runs a program.
    fn with(place: &Place, mut command: Command) -> (Child, Self) {
        let fifo = place.path().join("alive");
        let made = Command::new("mkfifo").arg(&fifo).status();
        assert!(made.expect("mkfifo starts").success());
        let python = wrapper(
            place.path(),
            &format!(
                "case \"$*\" in *main.py*) exec 9>'{}'; echo up >&9;; esac\nexec python3 \"$@\"",
                fifo.display()
            ),
        );
        command.env("LOOPSCOPE_PYTHON", python);
        let child = command.spawn().expect("the program starts");
        // Opening a named pipe blocks until the wrapper opens it for writing.
        let mut pipe = BufReader::new(File::open(&fifo).expect("somebody writes"));
        let mut line = String::new();
        pipe.read_line(&mut line).expect("the wrapper says so");
        assert_eq!(line, "up\n");
        (child, Self { pipe })
    }

    /// Fails if a process is still alive after a minute.
    fn are_gone(mut self) {
        let (tell, told) = mpsc::channel();
        std::thread::spawn(move || {
            let mut rest = Vec::new();
            let _ = self.pipe.read_to_end(&mut rest);
            tell.send(()).expect("the test listens");
        });
        let gone = told.recv_timeout(PATIENCE);
        gone.expect("every process that was started has ended");
    }
}

fn wrapper(folder: &Path, body: &str) -> PathBuf {
    let path = folder.join("python");
    fs::write(&path, format!("#!/bin/sh\n{body}\n")).expect("a file can be written");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("and made executable");
    path
}

fn signal(child: &Child, name: &str) {
    let id = child.id().to_string();
    let sent = Command::new("kill").args([name, &id]).status();
    assert!(sent.expect("kill starts").success());
}

#[track_caller]
fn check_said(output: &Output, code: i32, words: &str) {
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{errors}");
    assert!(errors.contains(words), "{errors}");
}

#[test]
fn a_run_that_hangs_is_ended_at_its_limit() {
    let place = Place::new();
    let command = place.verify(ENDLESS, &["--on", "asyncio", "--runs", "1", "--limit", "2"]);
    let (child, started) = Started::with(&place, command);
    let output = child.wait_with_output().expect("it ends");
    check_said(&output, 4, "stopped after 2 s");
    started.are_gone();
    assert_eq!(place.leftovers(), Vec::<PathBuf>::new());
}

#[test]
fn ctrl_c_ends_everybody() {
    let place = Place::new();
    let command = place.verify(ENDLESS, &["--on", "asyncio"]);
    let (child, started) = Started::with(&place, command);
    signal(&child, "-INT");
    let output = child.wait_with_output().expect("it ends");
    check_said(&output, 130, "interrupted");
    started.are_gone();
    assert_eq!(place.leftovers(), Vec::<PathBuf>::new());
}

#[test]
fn a_request_to_terminate_ends_everybody() {
    let place = Place::new();
    let command = place.verify(ENDLESS, &["--on", "asyncio"]);
    let (child, started) = Started::with(&place, command);
    signal(&child, "-TERM");
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(130));
    started.are_gone();
    assert_eq!(place.leftovers(), Vec::<PathBuf>::new());
}

/// Depending on the phase, servers, workers and Redis are starting or already working.
#[test]
fn ctrl_c_ends_servers_and_workers_in_each_phase() {
    crate::fastapi::set_up();
    let jobs = "jobs 2\ndef work: block 1h\na: send work as h -> wait h\nrun a\n";
    for (runtime, script) in [("fastapi", "servers 2\na: await 1h\n"), ("celery", jobs)] {
        for phase in ["plan.json", "main.py", "python"] {
            let place = Place::new();
            let mut child = place
                .verify(script, &["--on", runtime])
                .spawn()
                .expect("it starts");
            match phase {
                // The companion, the supervisor, Python, and a child process of Python.
                "python" => until("a helper runs", || processes_of(place.path()) > 3),
                file => place.wait_for(file),
            }
            signal(&child, "-INT");
            let code = child.wait().expect("it ends").code();
            assert_eq!(code, Some(130), "{runtime}, {phase}");
            nobody_is_left(place.path());
            assert_eq!(
                place.leftovers(),
                Vec::<PathBuf>::new(),
                "{runtime}, {phase}"
            );
        }
    }
}

#[test]
fn ctrl_c_between_runs_shows_those_that_were_made() {
    let place = Place::new();
    let mut command = place.verify("a: await 300ms\n", &["--on", "tokio", "--runs", "100"]);
    command.args(["--format", "json"]);
    let child = command.spawn().expect("it starts");
    place.wait_for_folders(2);
    signal(&child, "-INT");
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(130));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("a report");
    assert_eq!(report["interrupted"], true);
    assert!(report["runs"].as_u64() >= Some(1), "{report}");
    assert_eq!(place.leftovers(), Vec::<PathBuf>::new());
}

#[test]
fn ctrl_c_during_a_setup_leaves_nothing_half_made() {
    let place = Place::new();
    let python = wrapper(
        place.path(),
        "case \"$*\" in *venv*) touch \"$4/begun\" 2>/dev/null || { mkdir -p \"$4\"; touch \"$4/begun\"; }; sleep 1000;; esac\nexec python3 \"$@\"",
    );
    let data = place.path().join("data");
    let mut setup = Command::new(env!("CARGO_BIN_EXE_loopscope"));
    setup.args(["setup", "python"]).env("LOOPSCOPE_DATA", &data);
    setup
        .env("LOOPSCOPE_PYTHON", python)
        .env("TMPDIR", place.path().join("tmp"));
    let mut child = setup.spawn().expect("it starts");
    let begun = || {
        let folders = fs::read_dir(&data).into_iter().flatten().flatten();
        folders
            .into_iter()
            .any(|folder| folder.path().join("begun").exists())
    };
    until("the setup has begun", begun);
    signal(&child, "-INT");
    assert_eq!(child.wait().expect("it ends").code(), Some(130));
    let left = fs::read_dir(&data).expect("the folder is there").flatten();
    let left: Vec<PathBuf> = left.map(|entry| entry.path()).collect();
    // The lock file stays for later setups.
    assert_eq!(left, [data.join("lock")]);
    nobody_is_left(place.path());
}

#[test]
fn even_a_companion_that_is_killed_leaves_nobody() {
    let place = Place::new();
    let command = place.verify("a: await 1h\n", &["--on", "asyncio"]);
    let (mut child, started) = Started::with(&place, command);
    child.kill().expect("it runs");
    child.wait().expect("it ends");
    started.are_gone();
    until("the folder is gone", || place.leftovers().is_empty());
}

#[test]
fn a_python_that_hangs_is_named_with_the_remedy() {
    let place = Place::new();
    let python = wrapper(place.path(), "exec sleep 3600");
    let mut command = place.verify("a: await 1ms\n", &["--on", "asyncio"]);
    command.env("LOOPSCOPE_PYTHON", python);
    check_said(&run(command), 5, "did not report its version");
    assert_eq!(place.leftovers(), Vec::<PathBuf>::new());
}

#[test]
fn ctrl_c_ends_a_verification_whose_python_hangs() {
    let place = Place::new();
    let python = wrapper(place.path(), "touch \"$0.up\"; exec sleep 3600");
    let mut command = place.verify("a: await 1ms\n", &["--on", "asyncio"]);
    command.env("LOOPSCOPE_PYTHON", python);
    let child = command.spawn().expect("it starts");
    until("Python is up", || place.path().join("python.up").exists());
    signal(&child, "-INT");
    check_said(
        &child.wait_with_output().expect("it ends"),
        130,
        "interrupted",
    );
    assert_eq!(place.leftovers(), Vec::<PathBuf>::new());
}

#[test]
fn ctrl_c_ends_a_long_prediction() {
    let place = Place::new();
    // Half a minute of simulation in a debug build.
    let script = "a: forever: (await 1ns)\n";
    let child = place.verify(script, &["--on", "asyncio"]).spawn();
    let child = child.expect("it starts");
    until("it has a handler of its own", || catches_signals(&child));
    signal(&child, "-INT");
    check_said(
        &child.wait_with_output().expect("it ends"),
        130,
        "interrupted",
    );
}

/// Whether the process has a handler for SIGINT. Reads the mask of caught signals in Linux's
/// `/proc`.
fn catches_signals(child: &Child) -> bool {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
    let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:"));
    let mask = caught.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    // Bit 1 is SIGINT, signal 2.
    mask.is_some_and(|mask| mask & 2 != 0)
}

#[test]
fn a_python_that_is_not_there_is_named_with_the_remedy() {
    let place = Place::new();
    let mut command = place.verify("a: await 1ms\n", &["--on", "asyncio"]);
    command.env("LOOPSCOPE_PYTHON", "/nowhere/python3");
    check_said(&run(command), 5, "/nowhere/python3");
}

#[test]
fn a_python_that_is_too_old_is_named_with_the_remedy() {
    let place = Place::new();
    let python = wrapper(place.path(), "echo 3 9 2 1");
    let mut command = place.verify("a: await 1ms\n", &["--on", "asyncio"]);
    command.env("LOOPSCOPE_PYTHON", python);
    check_said(
        &run(command),
        5,
        "Python 3.9.2, but 3.11 or newer is needed",
    );
}

#[test]
fn a_run_that_breaks_down_says_what_it_said() {
    let place = Place::new();
    let python = wrapper(
        place.path(),
        "case \"$*\" in *main.py*) echo the disk is on fire; exit 1;; esac\nexec python3 \"$@\"",
    );
    let mut command = place.verify("a: await 1ms\n", &["--on", "asyncio"]);
    command.env("LOOPSCOPE_PYTHON", python);
    check_said(&run(command), 1, "the disk is on fire");
    assert_eq!(place.leftovers(), Vec::<PathBuf>::new());
}

/// Such an error was once detected after the last run, which lost the measurement.
#[test]
fn files_that_cannot_be_written_are_found_out_before_the_runs() {
    for option in ["--trace", "--overlay"] {
        let place = Place::new();
        for path in [place.path().join("nowhere/x"), place.path().to_owned()] {
            // The wrapper creates this file as soon as a run begins.
            let mark = place.path().join("ran");
            let python = wrapper(
                place.path(),
                &format!("touch '{}'; exec python3 \"$@\"", mark.display()),
            );
            let path = path.to_string_lossy().into_owned();
            let mut command = place.verify("a: await 1ms\n", &["--on", "asyncio", option, &path]);
            command.env("LOOPSCOPE_PYTHON", python);
            check_said(&run(command), 2, "cannot write");
            assert!(!mark.exists(), "{option} {path}");
        }
        let good = place.path().join("good.svg");
        let path = good.to_string_lossy().into_owned();
        let command = place.verify(
            "a: await 1ms\n",
            &["--on", "tokio", "--runs", "1", option, &path],
        );
        run(command);
        assert!(good.exists(), "{option}");
        let left = fs::read_dir(place.path()).expect("it is there").flatten();
        let hidden = left.filter(|entry| entry.file_name().to_string_lossy().starts_with('.'));
        assert_eq!(hidden.count(), 0, "{option}");
    }
}

#[test]
fn an_endless_script_is_refused_before_it_runs() {
    let place = Place::new();
    let command = place.verify("a: forever: (yield)\n", &["--on", "asyncio"]);
    check_said(&run(command), 4, "limit");
}
