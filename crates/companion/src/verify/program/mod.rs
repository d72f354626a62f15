//! A Python program of the user on the virtual clock: the machine's Python runs it with the
//! package `python/loopscope`, which is inside this program ([`super::package`]).
//!
//! The run's folder gets the package; the run leaves its trace there. Reading the trace is left to
//! the caller.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::ExitStatus;
use std::time::Duration;

use super::child::{Ended, Supervised, supervised_command};
use super::error::VerifyError;
use super::folder::Folder;
use super::interrupt::Interrupt;
use super::package::package_files;
use super::python::{PythonInterpreter, last_words};
use super::supervisor::SAID;
use texts::{Language, say};

const LAUNCH: &str = include_str!("launch.py");
/// The package in the run's folder. In a folder of its own, so that the program cannot import
/// other files of the run.
const PACKAGE_FOLDER: &str = "python/loopscope";
/// In the package: its files are never taken for the program's.
const LAUNCHER: &str = "launch.py";
const TRACE: &str = "trace.json";
/// The file that the package removes when the program has ended and only the report is left.
const RUNNING: &str = "running";
/// The program, if it came by the standard input.
const INPUT: &str = "input";
/// The variable by which the package knows that another process supervises it.
const SUPERVISED: &str = "LOOPSCOPE_CHILD";

/// How much longer than its limit of CPU time a program may take on a busy machine, as a factor.
const BUSY: u32 = 3;
/// Real time for starting Python.
const GRACE: Duration = Duration::from_secs(5);
/// Real time for the report and the trace, after the program.
const REPORT_WITHIN: Duration = Duration::from_mins(5);

/// The program to run.
#[derive(Clone, Debug)]
pub enum ProgramSource {
    File(PathBuf),
    /// From the standard input.
    Text(Vec<u8>),
}

/// How a program is run.
#[derive(Clone, Debug)]
pub struct ProgramOptions {
    /// Requests for its app, e.g. `100 GET /ping every 10ms`.
    pub requests: Vec<String>,
    /// Nanoseconds of the program's own time.
    pub time_limit_ns: Option<u64>,
    /// Libraries to replace although they are installed.
    pub stand_ins: Vec<String>,
    pub count_computing: bool,
    /// Answers to `input()`.
    pub input: Vec<String>,
    /// CPU time of this machine, which ends a program that never gives control back.
    pub real_limit: Duration,
    pub memory_mib: u32,
    /// `sys.argv[1:]` of the program.
    pub arguments: Vec<OsString>,
}

/// The usual limit of CPU time.
pub const REAL_LIMIT: Duration = Duration::from_secs(20);
/// The usual limit of memory.
pub const MEMORY_MIB: u32 = 2048;

impl Default for ProgramOptions {
    fn default() -> Self {
        Self {
            requests: Vec::new(),
            time_limit_ns: None,
            stand_ins: Vec::new(),
            count_computing: false,
            input: Vec::new(),
            real_limit: REAL_LIMIT,
            memory_mib: MEMORY_MIB,
            arguments: Vec::new(),
        }
    }
}

/// The reason why a program left no trace.
#[derive(Debug)]
pub enum ProgramError {
    /// Python is missing, or the run was interrupted.
    Verify(VerifyError),
    /// The program still computed at its limit, where Python could not interrupt it.
    Stuck { seconds: u64 },
    /// A signal ended Python, e.g. a crash of a library.
    Killed { signal: i32 },
    /// The package refused its arguments, or failed. `said` is the end of its output.
    Refused { said: String },
}

impl From<VerifyError> for ProgramError {
    fn from(error: VerifyError) -> Self {
        Self::Verify(error)
    }
}

impl ProgramError {
    pub fn message(&self, language: Language) -> String {
        match self {
            Self::Verify(VerifyError::Interrupted) => say!(language, "interrupted"),
            Self::Verify(error) => error.message(language),
            Self::Stuck { seconds } => say!(
                language,
                "stopped: the program still computes after {seconds} s of CPU time, the limit, and Python could not interrupt it",
                seconds
            ),
            Self::Killed { signal } => say!(
                language,
                "Python itself crashed or was killed (signal {signal}), so there is no result",
                signal
            ),
            Self::Refused { said } => said.clone(),
        }
    }
}

/// Runs the program to its end and returns its trace, `loopscope.trace/1`.
pub fn run_program(
    source: &ProgramSource,
    options: &ProgramOptions,
    interrupt: &Interrupt,
) -> Result<Vec<u8>, ProgramError> {
    let python = PythonInterpreter::for_programs(interrupt)?;
    let current =
        std::env::current_dir().map_err(VerifyError::system("find the current folder"))?;
    let command = |folder: &Folder| {
        let mut command = supervised_command(folder, python.program())?;
        let launcher = folder.path().join(PACKAGE_FOLDER).join(LAUNCHER);
        command
            // -B: no `__pycache__`, which would not be used again.
            .arg("-B")
            .args([launcher.as_os_str(), folder.path().as_os_str()])
            .arg(&current)
            .args(package_arguments(folder, source, options))
            .env(SUPERVISED, folder.path().join(RUNNING))
            // Otherwise the order of sets of texts would differ from run to run.
            .env("PYTHONHASHSEED", "0");
        Ok(command)
    };
    let mut run = Supervised::new(command).map_err(VerifyError::system("start a run"))?;
    write_files(run.folder(), source).map_err(VerifyError::system("write a program"))?;
    let mut reports = false;
    let more = |folder: &Folder| {
        // The limit is for the program; a long report may follow it.
        let is_over = !folder.path().join(RUNNING).exists();
        (is_over && !std::mem::replace(&mut reports, true)).then_some(REPORT_WITHIN)
    };
    let limit = options.real_limit * BUSY + GRACE;
    let ended = run
        .run_while(limit, interrupt, more)
        .map_err(VerifyError::system("start a run"))?;
    match ended {
        Ended::Interrupted => Err(VerifyError::Interrupted.into()),
        Ended::TimedOut => Err(ProgramError::Stuck {
            seconds: options.real_limit.as_secs(),
        }),
        Ended::Exited(status) => read_trace(run.folder(), status),
    }
}

fn package_arguments(
    folder: &Folder,
    source: &ProgramSource,
    options: &ProgramOptions,
) -> Vec<OsString> {
    let mut arguments: Vec<OsString> = vec!["run".into()];
    let mut option = |name: &str, value: OsString| {
        // In one word, because a value may begin with `-`.
        let mut word = OsString::from(format!("--{name}="));
        word.push(value);
        arguments.push(word);
    };
    for load in &options.requests {
        option("requests", load.into());
    }
    if let Some(nanos) = options.time_limit_ns {
        option("time-limit", format!("{nanos}ns").into());
    }
    for name in &options.stand_ins {
        option("stand-in", name.into());
    }
    for line in &options.input {
        option("input", line.into());
    }
    option(
        "real-limit",
        options.real_limit.as_secs_f64().to_string().into(),
    );
    option("memory-limit", options.memory_mib.to_string().into());
    option("trace", folder.path().join(TRACE).into_os_string());
    if options.count_computing {
        arguments.push("--count-computing".into());
    }
    arguments.push(match source {
        // `./-x.py` is not taken for an option.
        ProgramSource::File(path) if path.as_os_str().as_encoded_bytes().starts_with(b"-") => {
            PathBuf::from(".").join(path).into_os_string()
        }
        ProgramSource::File(path) => path.clone().into_os_string(),
        ProgramSource::Text(_) => "-".into(),
    });
    arguments.push("--".into());
    arguments.extend(options.arguments.iter().cloned());
    arguments
}

fn write_files(folder: &Folder, source: &ProgramSource) -> io::Result<()> {
    for (name, text) in package_files(PACKAGE_FOLDER) {
        folder.write(&name, text)?;
    }
    folder.write(&format!("{PACKAGE_FOLDER}/{LAUNCHER}"), LAUNCH)?;
    folder.write(RUNNING, "")?;
    match source {
        ProgramSource::File(_) => Ok(()),
        ProgramSource::Text(bytes) => fs::write(folder.path().join(INPUT), bytes),
    }
}

fn read_trace(folder: &Folder, status: ExitStatus) -> Result<Vec<u8>, ProgramError> {
    if let Some(signal) = status.signal() {
        return Err(ProgramError::Killed { signal });
    }
    // The file decides, not the exit status, which may be the program's own.
    fs::read(folder.path().join(TRACE)).map_err(|_| {
        let said = last_words(&folder.read(SAID));
        let said = said.strip_prefix("error: ").unwrap_or(&said);
        ProgramError::Refused {
            said: match said {
                "" => format!("it ended with {status}"),
                said => said.to_owned(),
            },
        }
    })
}
