//! The ends of `loopscope run app.py`: no process and no folder remains.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use crate::support::{Place, nobody_is_left, run};

/// `loopscope run` of a program in a place, with its temporary files there.
fn program(place: &Place, source: &str, arguments: &[&str]) -> Command {
    let file = place.write("app.py", source);
    let mut command = Command::new(env!("CARGO_BIN_EXE_loopscope"));
    command
        .arg("run")
        .arg(file)
        .args(arguments)
        .env("TMPDIR", place.path().join("tmp"))
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn signal(child: &Child, name: &str) {
    let id = child.id().to_string();
    let sent = Command::new("kill").args([name, &id]).status();
    assert!(sent.expect("kill starts").success());
}

#[track_caller]
fn nothing_is_left(place: &Place) {
    nobody_is_left(place.path());
    assert_eq!(place.leftovers(), Vec::<PathBuf>::new());
}

const BUSY: &str = "while True:\n    pass\n";

#[track_caller]
fn check_signal(name: &str) {
    let place = Place::new();
    let child = program(&place, BUSY, &["--real-limit", "600"])
        .spawn()
        .expect("it starts");
    // A file of the run, which is written before Python starts.
    place.wait_for("running");
    signal(&child, name);
    let output = child.wait_with_output().expect("it ends");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(130), "{errors}");
    assert!(errors.contains("interrupted"), "{errors}");
    nothing_is_left(&place);
}

#[test]
fn ctrl_c_ends_a_program() {
    check_signal("-INT");
}

#[test]
fn a_request_to_terminate_ends_a_program() {
    check_signal("-TERM");
}

#[test]
fn a_program_ends_with_a_companion_that_is_killed() {
    let place = Place::new();
    let mut child = program(&place, BUSY, &["--real-limit", "600"])
        .spawn()
        .expect("it starts");
    place.wait_for("running");
    signal(&child, "-KILL");
    child.wait().expect("it ends");
    nobody_is_left(place.path());
}

#[test]
fn a_program_that_python_cannot_interrupt_is_ended() {
    let place = Place::new();
    let source = "import itertools\nsum(itertools.repeat(0))\n";
    let output = run(program(&place, source, &["--real-limit", "0.2"]));
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(4), "{errors}");
    assert!(errors.contains("could not interrupt it"), "{errors}");
    nothing_is_left(&place);
}

#[test]
fn a_program_sees_its_own_folder_and_changes_nothing() {
    let place = Place::new();
    place.write("data.txt", "seven\n");
    let source = "\
import os, sys
print(open('data.txt').read().strip(), os.path.basename(os.getcwd()) == os.path.basename(os.path.dirname(__file__)))
open('new.txt', 'w').write('x')
";
    let mut command = program(&place, source, &[]);
    command.current_dir(place.path());
    let output = run(command);
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(said.starts_with("10ms  seven True\n"), "{said}");
    assert!(!place.path().join("new.txt").exists());
    assert!(!place.path().join("__pycache__").exists());
    nothing_is_left(&place);
}
