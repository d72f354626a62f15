//! A worker process: checks every nth input and reports counts and failures line by line.

use std::env;
use std::fs::{self, File};
use std::io::{self, Seek, Write};
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::process;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::checks::Kind;
use crate::failure::{self, Failures};
use crate::inputs::{Input, Inputs};

/// The environment variable that makes this process a worker.
const JOB: &str = "LOOPSCOPE_FUZZ_JOB";
/// The time limit of an input. The slowest take less than a second on a quiet machine.
const PATIENCE: Duration = Duration::from_mins(1);
/// The exit code of a worker after a timeout; a failed test exits with 101.
pub(crate) const HANGS: i32 = 75;
/// The address space of a worker. An input that allocates without bound ends its worker, not
/// the machine.
#[cfg(unix)]
const MEMORY_BYTES: u64 = 4 << 30;
/// Inputs that shrinking tries.
const TRIES: usize = 3_000;

/// The inputs of a worker: each `of`th from `from` to `to`.
#[derive(Clone, Debug)]
pub(crate) struct Job {
    pub(crate) worker: u64,
    pub(crate) of: u64,
    pub(crate) from: u64,
    pub(crate) to: u64,
    pub(crate) seed: u64,
    pub(crate) only: Option<Kind>,
}

impl Job {
    pub(crate) fn from_environment() -> Option<Self> {
        let text = env::var(JOB).ok()?;
        let mut words = text.split(' ');
        let mut number = || words.next()?.parse().ok();
        let (worker, of, from, to, seed) = (number()?, number()?, number()?, number()?, number()?);
        Some(Self {
            worker,
            of,
            from,
            to,
            seed,
            only: words.next().and_then(Kind::from_name),
        })
    }

    pub(crate) fn variable(&self) -> (&'static str, String) {
        let only = self.only.map_or("", Kind::name);
        let Self {
            worker,
            of,
            from,
            to,
            seed,
            ..
        } = self;
        (JOB, format!("{worker} {of} {from} {to} {seed} {only}"))
    }

    /// The file with the number of the current input, for the supervisor after a crash.
    pub(crate) fn progress(&self) -> PathBuf {
        failure::folder().join(format!("worker-{}", self.worker))
    }
}

/// The statistics of a kind.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counts {
    pub(crate) inputs: u64,
    pub(crate) accepted: u64,
    pub(crate) micros: u64,
    pub(crate) slowest_micros: u64,
    /// The number of the slowest input.
    pub(crate) slowest: u64,
}

/// The number of inputs begun, for the watchdog.
static BEGUN: AtomicU64 = AtomicU64::new(0);
/// The location and the message of the last panic.
static PANIC: Mutex<Option<(String, String)>> = Mutex::new(None);

pub(crate) fn work(job: &Job) {
    bound_time_and_memory();
    remember_panics();
    let inputs = Inputs::new(job.seed, job.only);
    let mut counts = [Counts::default(); Kind::ALL.len()];
    let mut failures = Failures::default();
    let mut progress = File::create(job.progress()).expect("the progress has a file");
    for number in (job.from..job.to).step_by(job.of as usize) {
        // Before the check: afterwards a crash could not be attributed.
        note(&mut progress, number).expect("the progress can be written");
        let input = inputs.input(number);
        let counts = &mut counts[input.kind as usize];
        let began = Instant::now();
        let checked = checked(&input);
        let micros = began.elapsed().as_micros() as u64;
        counts.inputs += 1;
        counts.micros += micros;
        if micros > counts.slowest_micros {
            (counts.slowest_micros, counts.slowest) = (micros, number);
        }
        match checked {
            Ok(is_accepted) => counts.accepted += u64::from(is_accepted),
            Err((place, message)) => {
                if failures.is_new(&place) {
                    tell_failure(&input, number, &place, &message);
                }
            }
        }
    }
    for (kind, counts) in Kind::ALL.iter().zip(counts) {
        let Counts {
            inputs,
            accepted,
            micros,
            slowest_micros,
            slowest,
        } = counts;
        let name = kind.name();
        tell(&format!(
            "counts\t{name}\t{inputs}\t{accepted}\t{micros}\t{slowest_micros}\t{slowest}"
        ));
    }
}

/// Overwrites the previous number. Both have 20 characters, so nothing of it is left.
fn note(progress: &mut File, number: u64) -> io::Result<()> {
    progress.rewind()?;
    write!(progress, "{number:20}")
}

/// Checks the input of one file as a worker would.
pub(crate) fn repeat(path: &Path) {
    bound_time_and_memory();
    let kind = failure::kind_of(path).expect("the folder of the file is named after its kind");
    let bytes = fs::read(path).expect("the file can be read");
    kind.check(&bytes);
}

/// Checks an input; the error is the location and the message of a panic.
fn checked(input: &Input) -> Result<bool, (String, String)> {
    BEGUN.fetch_add(1, Ordering::Relaxed);
    let checked = panic::catch_unwind(AssertUnwindSafe(|| input.kind.check(&input.bytes)));
    checked.map_err(|_| {
        let mut last = PANIC
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner());
        // `take`, so that the next failure cannot inherit this location.
        last.take().unwrap_or_default()
    })
}

fn tell_failure(input: &Input, number: u64, place: &str, message: &str) {
    let fails = |bytes: &[u8]| {
        let input = Input {
            kind: input.kind,
            bytes: bytes.to_vec(),
        };
        checked(&input).is_err_and(|(found, _)| found == place)
    };
    let smallest = failure::shrunk(&input.bytes, TRIES, fails);
    let path = failure::write(input.kind, &smallest).expect("the failing input can be written");
    let message = message.replace(['\n', '\t'], " ");
    // Messages of `assert_eq!` can hold whole traces.
    let message: String = message.chars().take(300).collect();
    tell(&format!(
        "failed\t{}\t{place}: {message} (input {number})",
        path.display()
    ));
}

/// Sends a line to the supervisor. The prefix separates it from the output of the harness.
fn tell(line: &str) {
    writeln!(io::stdout(), "fuzz\t{line}").expect("the supervisor listens");
}

/// Records panics instead of printing them; the payload of `catch_unwind` has no location.
fn remember_panics() {
    panic::set_hook(Box::new(|info| {
        let place = info
            .location()
            .map(|at| format!("{}:{}", at.file(), at.line()));
        let message = info.payload_as_str().unwrap_or("a panic without text");
        let mut last = PANIC
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner());
        *last = Some((place.unwrap_or_default(), message.to_owned()));
    }));
}

/// Ends the process after a timeout or at the memory limit.
fn bound_time_and_memory() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        let limit = Rlimit {
            current: Some(MEMORY_BYTES),
            maximum: Some(MEMORY_BYTES),
        };
        setrlimit(Resource::As, limit).expect("the memory can be limited");
    }
    thread::spawn(|| {
        let mut begun = BEGUN.load(Ordering::Relaxed);
        loop {
            thread::sleep(PATIENCE);
            // No input has begun since the last look, so the current one has used the whole limit.
            let now = BEGUN.load(Ordering::Relaxed);
            if now == begun {
                process::exit(HANGS);
            }
            begun = now;
        }
    });
}
