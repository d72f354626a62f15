//! Execution of exported programs on the CPython of this machine.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use model::workload::{PythonVersion, Workload};
use serde_json::json;

use super::observed::{Answer, Event, Observation};

/// The first Python with `asyncio.timeout` and `TaskGroup`.
const OLDEST: (u32, u32) = (3, 11);
/// Python processes that run at once.
const PROCESSES: usize = 2;
/// The greatest slowdown of computing that counts as quiet, as a factor.
const STRETCH_MAX: f64 = 1.1;
/// Attempts to find the machine quiet, about a second each.
const PROBES_MAX: usize = 120;

/// The observations of the programs under the virtual loop, in the given order.
pub(crate) fn observe(sources: &[String]) -> Vec<Observation> {
    let share = sources.len().div_ceil(PROCESSES).max(1);
    std::thread::scope(|scope| {
        let workers: Vec<_> = sources
            .chunks(share)
            .map(|chunk| scope.spawn(|| observe_in_one_process(chunk)))
            .collect();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().expect("a worker that reads Python's answers"))
            .collect()
    })
}

fn observe_in_one_process(sources: &[String]) -> Vec<Observation> {
    let mut python = Command::new(interpreter())
        .arg(folder().join("observe.py"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Python starts, as it did before");
    let mut input = python.stdin.take().expect("stdin is a pipe");
    let output = BufReader::new(python.stdout.take().expect("stdout is a pipe"));
    let observations = std::thread::scope(|scope| {
        // Writing on a thread of its own avoids a deadlock on two full pipes.
        scope.spawn(move || {
            for (id, source) in sources.iter().enumerate() {
                let line = json!({"id": id, "source": source}).to_string();
                // Python has died; the check of the number of answers reports it.
                if writeln!(input, "{line}").is_err() {
                    return;
                }
            }
        });
        output.lines().map(read_answer).collect::<Vec<_>>()
    });
    let status = python.wait().expect("python3 ends");
    assert!(
        status.success() && observations.len() == sources.len(),
        "observe.py answered {} of {} programs and ended with {status}",
        observations.len(),
        sources.len(),
    );
    for (expected, (id, _)) in observations.iter().enumerate() {
        assert_eq!(*id, expected, "answers come in order");
    }
    observations
        .into_iter()
        .map(|(_, observation)| observation)
        .collect()
}

fn read_answer(line: std::io::Result<String>) -> (usize, Observation) {
    let line = line.expect("python3 writes UTF-8");
    let answer: Answer = serde_json::from_str(&line).expect("observe.py writes JSON lines");
    (answer.id, Observation::of_answer(answer))
}

/// Fails unless each program compiles.
pub(crate) fn compile(sources: &[String]) {
    const COMPILE: &str = "\
import json, sys
for source in json.load(sys.stdin):
    try:
        compile(source, 'program', 'exec')
    except SyntaxError as error:
        sys.exit(f'{error}\\n{source}')
";
    let mut python = Command::new(interpreter())
        .args(["-c", COMPILE])
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("Python starts, as it did before");
    let mut input = python.stdin.take().expect("stdin is a pipe");
    input
        .write_all(json!(sources).to_string().as_bytes())
        .expect("Python reads the programs");
    drop(input);
    let output = python.wait_with_output().expect("Python ends");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
}

/// The events of a program in real time, counted from the start of its `main`.
pub(crate) fn measure(source: &str) -> Vec<Event> {
    static PROGRAMS: AtomicU32 = AtomicU32::new(0);
    let number = PROGRAMS.fetch_add(1, Ordering::Relaxed);
    // Tests run in parallel, so each program has its own folder.
    let name = format!("loopscope-measure-{}-{number}", std::process::id());
    let place = std::env::temp_dir().join(name);
    fs::create_dir(&place).expect("a new folder for a program");
    fs::write(place.join("program.py"), source).expect("the program can be written");
    let output = Command::new(interpreter())
        .arg(folder().join("measure.py"))
        .arg(&place)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output();
    // Before the outcome is checked, so that a failed start leaves no folder.
    fs::remove_dir_all(&place).expect("the program's folder goes");
    let output = output.expect("Python starts, as it did before");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}\n{source}");
    let answer = serde_json::from_slice(&output.stdout).expect("measure.py writes JSON");
    Observation::of_answer(answer).events
}

/// Waits until the machine is quiet; measurements on a busy machine mean nothing.
pub(crate) fn wait_for_quiet() {
    for _ in 0..PROBES_MAX {
        if is_quiet() {
            return;
        }
        std::thread::sleep(Duration::from_secs(1));
    }
    panic!("the machine is too busy to measure anything: two cores must be free");
}

/// Whether two computing processes get a core each.
pub(crate) fn is_quiet() -> bool {
    let output = Command::new(interpreter())
        .arg(folder().join("probe.py"))
        .output()
        .expect("Python starts, as it did before");
    let text = String::from_utf8_lossy(&output.stdout);
    let stretch: f64 = text.trim().parse().expect("probe.py prints a number");
    stretch < STRETCH_MAX
}

/// Fails with a remedy unless a suitable Python is installed. The tests must not be skipped.
pub(crate) fn require() {
    let python = interpreter();
    let found = version();
    assert!(
        found >= OLDEST,
        "`{python}` is Python {}.{}, and 3.11 or newer is needed: put one first in PATH, or name one in LOOPSCOPE_PYTHON",
        found.0,
        found.1
    );
}

/// The workload, to be simulated with the asyncio of the interpreter's version.
pub(crate) fn followed(workload: &Workload) -> Workload {
    let mut workload = workload.clone();
    workload.machine.python = PythonVersion::nearest(version());
    workload
}

/// The major and minor version of the interpreter.
pub(crate) fn version() -> (u32, u32) {
    let (major, minor, _) = whole_version();
    (major, minor)
}

/// Whether it has eager tasks with which it does not crash, as 3.12.1 does: by SIGSEGV, in one of
/// thirty programs. The next release that was tried is 3.12.7.
pub(crate) fn has_eager_tasks() -> bool {
    whole_version() >= (3, 12, 7)
}

/// Whether a group hears of the end of an eager task as in 3.12: 3.13.0 and 3.13.1 still do that.
pub(crate) fn has_groups_of_older_version() -> bool {
    let version = whole_version();
    ((3, 13, 0)..(3, 13, 2)).contains(&version)
}

fn whole_version() -> (u32, u32, u32) {
    static VERSION: OnceLock<(u32, u32, u32)> = OnceLock::new();
    *VERSION.get_or_init(ask_version)
}

fn ask_version() -> (u32, u32, u32) {
    let python = interpreter();
    let output = Command::new(&python)
        .args(["-c", "import sys; print(*sys.version_info[:3])"])
        .output()
        .unwrap_or_else(|error| {
            panic!("`{python}` does not start: {error}; install Python 3.11 or newer, or name one in LOOPSCOPE_PYTHON")
        });
    // An unreadable version counts as 0.0, which `require` refuses.
    let text = String::from_utf8_lossy(&output.stdout);
    let mut numbers = text.split_whitespace().filter_map(|part| part.parse().ok());
    let mut next = || numbers.next().unwrap_or(0);
    (next(), next(), next())
}

fn interpreter() -> String {
    std::env::var("LOOPSCOPE_PYTHON").unwrap_or_else(|_| "python3".to_owned())
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/python")
}
