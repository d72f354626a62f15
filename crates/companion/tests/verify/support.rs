//! Runs `loopscope verify` as a process and checks its report.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

/// A folder for one test, deleted when dropped.
#[derive(Debug)]
pub(crate) struct Place(PathBuf);

impl Place {
    pub(crate) fn new() -> Self {
        static PLACES: AtomicU32 = AtomicU32::new(0);
        let number = PLACES.fetch_add(1, Ordering::Relaxed);
        let name = format!("loopscope-verify-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(path.join("tmp")).expect("a new folder");
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, text).expect("a file can be written");
        path
    }

    /// `loopscope verify script.loop`, with its temporary files below this folder.
    pub(crate) fn verify(&self, script: &str, arguments: &[&str]) -> Command {
        let file = self.write("script.loop", script);
        let mut command = Command::new(env!("CARGO_BIN_EXE_loopscope"));
        command
            .arg("verify")
            .arg(file)
            .args(arguments)
            .env("TMPDIR", self.0.join("tmp"))
            .env("LC_ALL", "C")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// The files that verifications left in the folder for temporary files.
    pub(crate) fn leftovers(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.0.join("tmp")).expect("the folder is there");
        entries.flatten().map(|entry| entry.path()).collect()
    }
}

impl Place {
    /// Waits until a run has written this file.
    #[track_caller]
    pub(crate) fn wait_for(&self, file: &str) {
        until(file, || {
            self.leftovers()
                .iter()
                .any(|folder| folder.join(file).exists())
        });
    }

    /// Waits until this many runs have begun, each in a folder of its own.
    #[track_caller]
    pub(crate) fn wait_for_folders(&self, count: usize) {
        let seen = RefCell::new(BTreeSet::new());
        until("another folder", || {
            seen.borrow_mut().extend(self.leftovers());
            seen.borrow().len() >= count
        });
    }
}

/// Time limit of operations that usually take milliseconds.
const PATIENCE: Duration = Duration::from_mins(1);

/// Polls until the condition holds; fails after a minute.
#[track_caller]
pub(crate) fn until(what: &str, is_so: impl Fn() -> bool) {
    let begin = Instant::now();
    while !is_so() {
        assert!(begin.elapsed() < PATIENCE, "never: {what}");
        thread::yield_now();
    }
}

/// Waits until no process of this folder is left: a killed process may need a moment to end.
#[track_caller]
pub(crate) fn nobody_is_left(place: &Path) {
    until("everybody is gone", || processes_of(place) == 0);
}

/// The number of processes with this folder in their arguments.
pub(crate) fn processes_of(place: &Path) -> usize {
    let processes = fs::read_dir("/proc").expect("this is Linux").flatten();
    let lines = processes.filter_map(|entry| fs::read(entry.path().join("cmdline")).ok());
    let place = place.to_string_lossy().into_owned();
    let of_place = |line: &Vec<u8>| String::from_utf8_lossy(line).contains(&place);
    lines.filter(of_place).count()
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

pub(crate) fn run(mut command: Command) -> Output {
    command.output().expect("the program starts")
}

/// A verification may be disturbed this often without noticing it. A real error shows each time.
const ATTEMPTS: u32 = 3;

/// The report of a verification with any verdict except "fails".
#[track_caller]
pub(crate) fn report(runtime: &str, script: &str, arguments: &[&str]) -> Value {
    undisturbed(runtime, script, arguments, |_| true)
}

/// Repeats the verification if the prediction fails or the report is not as `wanted`.
#[track_caller]
fn undisturbed(
    runtime: &str,
    script: &str,
    arguments: &[&str],
    wanted: fn(&Value) -> bool,
) -> Value {
    let mut last = Value::Null;
    for _ in 0..ATTEMPTS {
        last = one_report(runtime, script, arguments);
        if last["verdict"] != "fails" && wanted(&last) {
            return last;
        }
    }
    panic!("{last:#}\n{script}");
}

#[track_caller]
pub(crate) fn one_report(runtime: &str, script: &str, arguments: &[&str]) -> Value {
    let place = Place::new();
    let mut all = vec!["--on", runtime, "--format", "json"];
    all.extend(arguments);
    let output = run(place.verify(script, &all));
    let errors = String::from_utf8_lossy(&output.stderr);
    let report: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}\n{errors}", output.status));
    let verdict = report["verdict"].as_str().expect("a verdict");
    let code = output.status.code();
    assert_eq!(code, Some(i32::from(verdict != "holds")), "{errors}");
    assert_eq!(place.leftovers(), Vec::<PathBuf>::new());
    report
}

/// Checks that exactly the predicted instances ran, that they ended as predicted, and that the
/// order is kept.
#[track_caller]
pub(crate) fn check(runtime: &str, script: &str) {
    // On a busy machine even events that are far apart may change their order.
    let kept = |report: &Value| report["verdict"] != "holds" || report["order"]["broken_runs"] == 0;
    let report = undisturbed(runtime, script, &["--runs", "1"], kept);
    for task in report["tasks"].as_array().expect("a list") {
        assert_eq!(task["predicted"], true, "nobody foresaw {task:#}\n{script}");
        let measured = task["outcomes_measured"].as_array().expect("a list");
        for outcome in measured {
            assert_eq!(outcome, &task["outcome_predicted"], "{task:#}\n{script}");
        }
    }
}
