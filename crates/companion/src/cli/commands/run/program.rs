//! `run app.py`: runs a Python program on the virtual clock and shows its trace.
//!
//! Leaves the run to [`crate::verify::run_program`], and the text to
//! [`crate::cli::output::program`].

use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::time::Duration;

use clap::Args;

use super::{RunArgs, RunFormat, detail_of};
use crate::cli::args::{parse_duration, whole_number};
use crate::cli::console::Console;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::output::findings;
use crate::cli::output::outcome::RunOutcome;
use crate::cli::output::program::{ProgramParts, program_text};
use crate::cli::replace::{keep_inputs, replace};
use crate::cli::source::{self, is_standard};
use crate::cli::writable::must_be_writable;
use crate::verify::{Interrupt, ProgramOptions, ProgramSource, run_program};
use formats::import::{self, Source};
use formats::report::{write_csv, write_program_json};
use model::limits::HORIZON;
use model::time::SimDuration;
use model::trace::AnalysedRun;

/// The heading of these options in the help.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Options for Python programs")]
pub(crate) struct ProgramArgs {
    /// FILE is a Python program, whatever its name
    #[arg(long)]
    pub(in crate::cli::commands) python: bool,
    /// Requests for the program's ASGI app: `100 GET /ping every 10ms`
    #[arg(long, value_name = "LOAD")]
    requests: Vec<String>,
    /// Most time on the program's own clock [default: 24h, at most 7d]
    #[arg(long, value_name = "TIME", value_parser = parse_time_limit)]
    time_limit: Option<SimDuration>,
    /// Replace a library although it is installed
    #[arg(long, value_name = "NAME")]
    stand_in: Vec<String>,
    /// Let computing take as long as on this machine; not exact
    #[arg(long)]
    count_computing: bool,
    /// A line that `input()` returns
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    input: Vec<String>,
    /// Most CPU time of this machine, in seconds [default: 20]
    #[arg(long, value_name = "S", value_parser = parse_real_limit)]
    real_limit: Option<Duration>,
    /// Most memory, in MiB, where the system can limit it [default: 2048]
    #[arg(long, value_name = "MIB", value_parser = whole_number::<u32>(16..=u64::from(u32::MAX)))]
    memory_limit: Option<u32>,
}

impl ProgramArgs {
    /// The first of these options that was given, e.g. `--requests`.
    pub(super) fn first_given(&self) -> Option<&'static str> {
        [
            (!self.requests.is_empty(), "--requests"),
            (self.time_limit.is_some(), "--time-limit"),
            (!self.stand_in.is_empty(), "--stand-in"),
            (self.count_computing, "--count-computing"),
            (!self.input.is_empty(), "--input"),
            (self.real_limit.is_some(), "--real-limit"),
            (self.memory_limit.is_some(), "--memory-limit"),
        ]
        .into_iter()
        .find_map(|(given, name)| given.then_some(name))
    }

    fn options(&self, arguments: &[OsString]) -> ProgramOptions {
        let usual = ProgramOptions::default();
        ProgramOptions {
            requests: self.requests.clone(),
            time_limit_ns: self.time_limit.map(SimDuration::as_nanos),
            stand_ins: self.stand_in.clone(),
            count_computing: self.count_computing,
            input: self.input.clone(),
            real_limit: self.real_limit.unwrap_or(usual.real_limit),
            memory_mib: self.memory_limit.unwrap_or(usual.memory_mib),
            arguments: arguments.to_vec(),
        }
    }
}

/// Parses a duration of the script language, which ends at a day, or a number of days, e.g. `7d`.
/// A trace covers at most [`HORIZON`].
fn parse_time_limit(text: &str) -> Result<SimDuration, String> {
    let limit = match text.strip_suffix('d') {
        Some(days) => days
            .parse::<u32>()
            .ok()
            .map(|days| DAY.saturating_mul(days.into())),
        None => parse_duration(text).ok(),
    };
    limit
        .filter(|limit| !limit.is_zero() && *limit <= HORIZON)
        .ok_or_else(|| "write a duration, such as `90s` or `2h`, or days, at most `7d`".to_owned())
}

const DAY: SimDuration = SimDuration::from_secs(24 * 3_600);

fn parse_real_limit(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok();
    let seconds = seconds.filter(|seconds| (0.1..=86_400.0).contains(seconds));
    let seconds = seconds.ok_or_else(|| "write a number of seconds from 0.1 to 86400".to_owned());
    seconds.map(Duration::from_secs_f64)
}

/// Whether the file is a Python program: by its ending, or by `--python`.
pub(super) fn is_program(args: &RunArgs) -> bool {
    args.program.python || has_program_ending(&args.file)
}

/// Whether the file is named like a Python program.
pub(in crate::cli::commands) fn has_program_ending(file: &Path) -> bool {
    let ending = file.extension().and_then(|ending| ending.to_str());
    ending.is_some_and(|ending| ending.eq_ignore_ascii_case("py"))
}

pub(super) fn run(args: &RunArgs, console: &mut Console) -> Result<Exit, Failure> {
    refuse_other_options(args)?;
    keep_inputs(args.trace.as_deref(), [args.file.as_path()])?;
    if let Some(path) = &args.trace {
        must_be_writable(path)?;
    }
    let bytes = trace_of_program(&args.file, &args.program, &args.arguments, console)?;
    let exit = show(&bytes, args, console)?;
    if let Some(path) = &args.trace {
        replace(path, |out| out.write_all(&bytes))?;
    }
    Ok(exit)
}

/// Runs a program and returns its trace.
pub(in crate::cli::commands) fn trace_of_program(
    file: &Path,
    program: &ProgramArgs,
    arguments: &[OsString],
    console: &mut Console,
) -> Result<Vec<u8>, Failure> {
    if let Some(load) = program.requests.iter().find(|load| !is_load(load)) {
        return Err(Failure::NoLoad { load: load.clone() });
    }
    let source = program_source(file, console)?;
    // From here on, Ctrl-C ends the program first.
    let interrupt = Interrupt::on_signals();
    let trace = run_program(&source, &program.options(arguments), &interrupt);
    trace.map_err(Failure::Program)
}

/// Fails if an option was given that has no meaning for a program.
fn refuse_other_options(args: &RunArgs) -> Result<(), Failure> {
    let option = match args.machine.first_given() {
        Some(option) => option,
        None if args.seeds.is_some() => "--seeds",
        None if args.costs.is_some() => "--costs",
        None if args.formula => "--formula",
        None => return Ok(()),
    };
    Err(Failure::OnlyForScripts { option })
}

/// Whether the text begins like a load, e.g. `100 GET /ping`. The package reads the rest.
fn is_load(text: &str) -> bool {
    let mut words = text.split_whitespace().peekable();
    words.next_if(|word| word.bytes().all(|byte| byte.is_ascii_digit()));
    let is_method = |word: &str| word.bytes().all(|byte| byte.is_ascii_alphabetic());
    words.next().is_some_and(is_method) && words.next().is_some_and(|path| path.starts_with('/'))
}

/// The program. Fails here if its file cannot be read, and not in Python.
fn program_source(path: &Path, console: &mut Console) -> Result<ProgramSource, Failure> {
    if is_standard(path) {
        return Ok(ProgramSource::Text(source::read(path, console)?));
    }
    // A folder can be opened, but not read.
    let readable = fs::File::open(path).and_then(|mut file| {
        let mut first = [0; 1];
        std::io::Read::read(&mut file, &mut first)
    });
    readable.map_err(|error| Failure::Read {
        path: path.to_owned(),
        error,
    })?;
    Ok(ProgramSource::File(path.to_owned()))
}

fn show(bytes: &[u8], args: &RunArgs, console: &mut Console) -> Result<Exit, Failure> {
    let failed = |error| Failure::Open {
        path: args.file.clone(),
        error,
    };
    let (opened, program) = import::open_with_program(bytes).map_err(failed)?;
    let (Some(program), Source::Script(script)) = (program, opened.source) else {
        return Err(failed(import::OpenError::NoTrace));
    };
    let mut workload = opened.workload;
    program.rename(&mut workload);
    let mut outcome = RunOutcome::of_program(AnalysedRun::of(workload, opened.trace), &program);
    let found = findings::find_program_findings(&outcome, &script);
    match args.format {
        RunFormat::Text => {
            let parts = ProgramParts {
                chart: &args.chart,
                summary: args.summary,
                blame: args.blame,
            };
            let text = program_text(&outcome, &program, &found, parts, console.style);
            console.print(&text)?;
        }
        RunFormat::Json => {
            outcome.findings = findings::report_findings(&found, &outcome, &program.text);
            console.write(|out| {
                write_program_json(outcome.report(), &program, detail_of(args), out)
            })?;
        }
        RunFormat::Csv => console.write(|out| write_csv(outcome.report(), out))?,
    }
    Ok(outcome.exit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_limit_is_a_duration_up_to_a_week() {
        let check = |text: &str, expected: Option<u64>| {
            assert_eq!(
                parse_time_limit(text).ok(),
                expected.map(SimDuration::from_nanos),
                "{text}"
            );
        };
        check("90s", Some(90_000_000_000));
        check("1.5h", Some(5_400_000_000_000));
        check("10", Some(10_000_000_000));
        check("90분", Some(5_400_000_000_000));
        check("7d", Some(604_800_000_000_000));
        for text in [
            "8d",
            "99999999d",
            "soon",
            "0s",
            "0d",
            "-1s",
            "",
            "s",
            "1.2.3s",
            "nan",
            "1..2s",
        ] {
            check(text, None);
        }
    }

    #[test]
    fn a_load_begins_with_a_method_and_a_path() {
        for load in [
            "GET /",
            "100 GET /ping every 10ms",
            "1 post /items {\"a\": 1}",
        ] {
            assert!(is_load(load), "{load}");
        }
        for load in ["", "100", "100 ping", "GET", "/ping", "100 GET ping"] {
            assert!(!is_load(load), "{load}");
        }
    }
}
