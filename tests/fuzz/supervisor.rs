//! The supervisor: starts the workers, restarts one after an input that ended it, and adds up
//! their results.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write as _};
use std::path::Path;
use std::process::{Command, ExitStatus, Output};
use std::thread;
use std::time::Instant;

use crate::checks::Kind;
use crate::failure;
use crate::inputs::{Input, Inputs};
use crate::worker::{Counts, HANGS, Job};

/// The selection of inputs.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) seed: u64,
    pub(crate) inputs: u64,
    pub(crate) only: Option<Kind>,
}

/// Crashes of one worker before its remaining inputs are skipped.
const ENDS_MAX: usize = 10;
/// Processes that shrinking may start, one per attempt.
const TRIES: usize = 200;
const TEST: &str = "every_input_keeps_the_rules";

/// The results of workers.
#[derive(Debug, Default)]
struct Results {
    counts: [Counts; Kind::ALL.len()],
    failures: Vec<String>,
}

/// Checks all inputs on all cores. Panics if one breaks a rule.
pub(crate) fn run(plan: &Plan) {
    fs::create_dir_all(failure::folder()).expect("the folder for failing inputs can be made");
    let began = Instant::now();
    let workers = thread::available_parallelism().map_or(1, usize::from) as u64;
    let mut results = Results::default();
    thread::scope(|scope| {
        let jobs = (0..workers).map(|worker| Job {
            worker,
            of: workers,
            // Worker 2 of 8 checks the inputs 2, 10, 18, …
            from: worker,
            to: plan.inputs,
            seed: plan.seed,
            only: plan.only,
        });
        let threads: Vec<_> = jobs.map(|job| scope.spawn(|| supervise(job))).collect();
        for thread in threads {
            results.add(thread.join().expect("a supervisor does not panic"));
        }
    });
    let table = results.table(plan, began.elapsed().as_secs_f64());
    io::stdout()
        .write_all(table.as_bytes())
        .expect("the results can be written");
    // Several workers may find the same failure.
    results.failures.sort();
    results.failures.dedup();
    assert!(
        results.failures.is_empty(),
        "{} failures\n{}",
        results.failures.len(),
        results.failures.join("\n")
    );
}

fn supervise(mut job: Job) -> Results {
    let mut results = Results::default();
    for _ in 0..ENDS_MAX {
        let (name, value) = job.variable();
        let output = start(name, value.as_ref());
        results.read(&String::from_utf8_lossy(&output.stdout));
        if output.status.success() {
            return results;
        }
        // A crashed worker reports no counts; its progress file names the input.
        let number = fs::read_to_string(job.progress()).ok();
        let Some(number) = number.and_then(|number| number.trim().parse().ok()) else {
            results.failures.push(last_words(&output));
            return results;
        };
        let input = Inputs::new(job.seed, job.only).input(number);
        results.failures.push(ended(&input, number, &output));
        // A new worker continues after the input that ended this one.
        job.from = number + job.of;
    }
    results
}

/// Starts this test binary again with a variable set.
fn start(name: &str, value: &std::ffi::OsStr) -> Output {
    let program = env::current_exe().expect("a test has a file");
    let mut command = Command::new(program);
    command.args([TEST, "--exact", "--nocapture", "--test-threads=1"]);
    command.env(name, value);
    command.output().expect("a test can be started again")
}

/// Reports an input that ended its worker by a signal or a timeout.
fn ended(input: &Input, number: u64, output: &Output) -> String {
    let path = failure::write(input.kind, &input.bytes).expect("the failing input can be written");
    let reason = match output.status.code() {
        Some(HANGS) => "it hangs".to_owned(),
        _ => format!("it ends the process: {}", last_words(output)),
    };
    let path = match output.status.code() {
        // Each attempt would take as long as the timeout.
        Some(HANGS) => path,
        _ => shrunk(input, output.status, &path),
    };
    format!("{reason} (input {number})\n  {}", failure::command(&path))
}

fn shrunk(input: &Input, status: ExitStatus, path: &Path) -> std::path::PathBuf {
    let fails = |bytes: &[u8]| {
        let tried = failure::write(input.kind, bytes).expect("the input can be written");
        // The same status means the same signal; another failure does not count.
        let fails = start(failure::INPUT, tried.as_os_str()).status == status;
        let _ = fs::remove_file(tried);
        fails
    };
    if !fails(&input.bytes) {
        // The failure depends on earlier inputs, so shrinking this one alone is impossible.
        return failure::write(input.kind, &input.bytes).unwrap_or_else(|_| path.to_owned());
    }
    let smallest = failure::shrunk(&input.bytes, TRIES, fails);
    failure::write(input.kind, &smallest).unwrap_or_else(|_| path.to_owned())
}

fn last_words(output: &Output) -> String {
    let errors = String::from_utf8_lossy(&output.stderr);
    let line = errors.lines().rfind(|line| !line.trim().is_empty());
    format!("{}, {}", output.status, line.unwrap_or("without a word"))
}

impl Results {
    /// Parses the output of a worker. Other lines, e.g. those of the test harness, are ignored.
    fn read(&mut self, lines: &str) {
        for line in lines.lines() {
            let fields: Vec<&str> = line.split('\t').collect();
            match *fields.as_slice() {
                // `..` skips text that the harness prints before the first tab.
                [.., "failed", path, message] => {
                    let command = failure::command(Path::new(path));
                    self.failures.push(format!("{message}\n  {command}"));
                }
                [
                    ..,
                    "counts",
                    kind,
                    inputs,
                    accepted,
                    micros,
                    slowest_micros,
                    slowest,
                ] => {
                    let number = |text: &str| text.parse().unwrap_or(0);
                    let counts = Counts {
                        inputs: number(inputs),
                        accepted: number(accepted),
                        micros: number(micros),
                        slowest_micros: number(slowest_micros),
                        slowest: number(slowest),
                    };
                    if let Some(kind) = Kind::from_name(kind) {
                        self.counts[kind as usize].add(counts);
                    }
                }
                _ => {}
            }
        }
    }

    fn add(&mut self, other: Self) {
        for (counts, other) in self.counts.iter_mut().zip(other.counts) {
            counts.add(other);
        }
        self.failures.extend(other.failures);
    }

    fn table(&self, plan: &Plan, seconds: f64) -> String {
        let inputs: u64 = self.counts.iter().map(|counts| counts.inputs).sum();
        let rate = inputs as f64 / seconds;
        let mut table = format!(
            "\n{inputs} inputs in {seconds:.1} s, {rate:.0} a second: LOOPSCOPE_SEED={} LOOPSCOPE_INPUTS={}\n",
            plan.seed, plan.inputs
        );
        let _ = writeln!(
            table,
            "{:<10}{:>10}{:>10}{:>10}{:>14}",
            "kind", "inputs", "accepted", "mean µs", "slowest ms"
        );
        for (kind, counts) in Kind::ALL.iter().zip(self.counts) {
            let Counts {
                inputs,
                accepted,
                micros,
                slowest_micros,
                slowest,
            } = counts;
            let mean = micros / inputs.max(1);
            let _ = writeln!(
                table,
                "{:<10}{inputs:>10}{accepted:>10}{mean:>10}{:>14.1}  (input {slowest})",
                kind.name(),
                slowest_micros as f64 / 1e3
            );
        }
        table
    }
}

impl Counts {
    fn add(&mut self, other: Self) {
        self.inputs += other.inputs;
        self.accepted += other.accepted;
        self.micros += other.micros;
        if other.slowest_micros > self.slowest_micros {
            self.slowest_micros = other.slowest_micros;
            self.slowest = other.slowest;
        }
    }
}
