//! Python programs and proofs on other Pythons than the machine's.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::process::{finish, loopscope, python};
use crate::transcript::empty_folder;

/// A program named `python` in the folder.
fn fake(folder: &Path, body: &str) -> PathBuf {
    let path = folder.join("python");
    fs::write(&path, format!("#!/bin/sh\n{body}\n")).expect("it can be written");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("and made executable");
    path
}

/// `loopscope run app.py`, or another command, with the Python of this body.
fn command(name: &str, arguments: &[&str], body: &str) -> Command {
    let folder = empty_folder(name);
    fs::write(folder.join("app.py"), "print(1)\n").expect("it can be written");
    let mut command = loopscope(&folder);
    command
        .args(arguments)
        .env("LOOPSCOPE_PYTHON", fake(&folder, body));
    command
}

#[track_caller]
fn check(name: &str, body: &str, code: i32, words: &[&str]) {
    let output = finish(command(name, &["run", "app.py"], body), Vec::new());
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{said}");
    for words in words {
        assert!(said.contains(words), "{said}");
    }
}

#[test]
fn a_python_that_is_too_old_is_named_with_the_remedy() {
    check(
        "python_old",
        "echo 3 9 1 1",
        5,
        &[
            "is Python 3.9.1, but 3.11 or newer is needed",
            "LOOPSCOPE_PYTHON",
        ],
    );
}

#[test]
fn a_missing_python_is_named_with_the_remedy() {
    let mut command = command("python_missing", &["run", "app.py"], "");
    command.env("LOOPSCOPE_PYTHON", "no-such-python");
    let output = finish(command, Vec::new());
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(5), "{said}");
    assert!(
        said.contains("Python was not found: `no-such-python` does not start"),
        "{said}"
    );
    assert!(
        said.contains("apt-get install python3 (3.11 or newer)"),
        "{said}"
    );
}

#[test]
fn a_program_that_is_no_python_is_named() {
    check(
        "python_none",
        "echo hello",
        5,
        &["is not a Python interpreter"],
    );
}

#[test]
fn a_python_that_crashes_is_reported() {
    let body = format!(
        "case \"$*\" in *launch.py*) kill -SEGV $$;; esac\nexec '{}' \"$@\"",
        python()
    );
    check(
        "python_crash",
        &body,
        1,
        &["crashed or was killed (signal 11)"],
    );
}

/// A CPython in which a lock wakes the task that came last.
fn unfair() -> String {
    format!(
        "PYTHONPATH=\"$(dirname \"$0\")\" exec '{}' \"$@\"",
        python()
    )
}

const UNFAIR: &str = "\
import asyncio

def wake_last(self):
    for waiter in reversed(self._waiters or ()):
        if not waiter.done():
            waiter.set_result(True)
            return

asyncio.Lock._wake_up_first = wake_last
";

const QUEUE: &str = "\
lock m
async def a:
    with m (await 1)
    print \"out\"
run 3 a
";

fn unfair_proof(name: &str, arguments: &[&str]) -> (Option<i32>, String) {
    let command = command(name, arguments, &unfair());
    let folder = command.get_current_dir().expect("it has one").to_owned();
    fs::write(folder.join("sitecustomize.py"), UNFAIR).expect("it can be written");
    fs::write(folder.join("queue.loop"), QUEUE).expect("it can be written");
    let output = finish(command, Vec::new());
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(errors, "");
    (
        output.status.code(),
        String::from_utf8_lossy(&output.stdout).into_owned(),
    )
}

#[test]
fn a_python_that_behaves_differently_is_no_proof() {
    let (code, said) = unfair_proof("prove_unfair", &["prove", "queue.loop"]);
    assert_eq!(code, Some(1), "{said}");
    let mut lines = said.lines();
    let first = lines.next().unwrap_or_default();
    assert!(
        first.starts_with("✗ 2 of 6 events as on CPython 3."),
        "{said}"
    );
    assert_eq!(
        lines.next(),
        Some("  simulated: 2s  a 2 (line 4): prints \"out\""),
        "{said}"
    );
    assert_eq!(
        lines.next(),
        Some("  CPython: 2s  a 3 (line 4): prints \"out\""),
        "{said}"
    );
}

#[test]
fn the_difference_is_in_the_json_too() {
    let arguments = ["prove", "queue.loop", "--format", "json"];
    let (code, said) = unfair_proof("prove_unfair_json", &arguments);
    assert_eq!(code, Some(1), "{said}");
    let proof: Value = serde_json::from_str(&said).expect("JSON");
    assert_eq!(proof["verdict"], "different");
    let difference = &proof["first_difference"];
    assert_eq!(difference["simulated"]["number"], 2, "{proof:#}");
    assert_eq!(difference["python"]["number"], 3, "{proof:#}");
}

#[test]
fn the_example_of_the_documents_prints_what_they_say() {
    let page = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/python-runtime.md");
    let page = fs::read_to_string(page).expect("the page is there");
    let block = |begin: &str| {
        let (_, rest) = page.split_once(begin).expect("the page has the block");
        rest.split_once("```").expect("a block ends").0.to_owned()
    };
    let folder = empty_folder("python_docs");
    fs::write(folder.join("app.py"), block("```python\n")).expect("it can be written");
    let mut command = loopscope(&folder);
    command
        .args(["run", "app.py"])
        .env("LOOPSCOPE_PYTHON", python());
    let output = finish(command, Vec::new());
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(said, block("$ loopscope run app.py\n"));
}
