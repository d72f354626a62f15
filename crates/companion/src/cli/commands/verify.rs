//! `verify`: runs a script on a real runtime and compares with the prediction.
//!
//! Leaves the runs and the comparison to [`crate::verify`].

use std::path::{Path, PathBuf};
use std::time::Duration;
use texts::{Text, text};

use clap::{Args, ValueEnum};

use super::calibrate;
use crate::cli::args::whole_number;
use crate::cli::console::Console;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::machine::MachineArgs;
use crate::cli::output::load::load_script;
use crate::cli::replace::{keep_inputs, replace};
use crate::cli::writable::must_be_writable;
use crate::verify::{
    Interrupt, RunScale, Runtime, Tolerance, Verdict, Verification, VerifyError, VerifyOptions,
    draw_overlay, scale_to, text, write_json,
};
use chart::paint::svg::SvgTheme;
use formats::export::trace;

/// Run a script for real and compare it with the prediction
#[derive(Debug, Args)]
#[command(after_help = EXAMPLE.en())]
pub(crate) struct VerifyArgs {
    /// The script; `-` is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The runtime
    #[arg(long, value_enum, value_name = "RUNTIME")]
    on: RuntimeChoice,
    /// Real seconds for a second of the script
    #[arg(long, value_name = "X", default_value = "1", value_parser = parse_scale)]
    scale: RunScale,
    /// Instead of `--scale`: the predicted seconds of one run
    #[arg(long, value_name = "S", conflicts_with = "scale", value_parser = parse_seconds)]
    seconds: Option<f64>,
    /// Number of runs; the median counts
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = whole_number::<u32>(1..=100))]
    runs: u32,
    /// How far a time may deviate, in percent
    #[arg(long, value_name = "T", default_value_t = Tolerance::PERCENT, value_parser = parse_percent)]
    tolerance: f64,
    /// Seconds after which a run is stopped [default: from the prediction]
    #[arg(long, value_name = "S", value_parser = whole_number::<u64>(1..=86_400))]
    limit: Option<u64>,
    /// Output format
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: VerifyFormat,
    /// Also draw prediction and measurement into this SVG
    #[arg(long, value_name = "FILE")]
    overlay: Option<PathBuf>,
    /// Also write the measured trace into this file, for `open`
    #[arg(long, value_name = "FILE")]
    trace: Option<PathBuf>,
    /// Costs of the runtime itself: a file from `calibrate`
    #[arg(long, value_name = "FILE")]
    costs: Option<PathBuf>,
    #[command(flatten)]
    machine: MachineArgs,
}

pub(crate) const EXAMPLE: Text = text!(
    "\
Example:
  loopscope verify pasta.loop --on asyncio --scale 0.1",
);

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum RuntimeChoice {
    /// The machine's Python, standard library only
    Asyncio,
    /// A FastAPI app under uvicorn, called over HTTP
    Fastapi,
    /// Celery workers and a Redis of the run's own
    Celery,
    /// A thread of the operating system for each task
    Threads,
    /// A current-thread runtime of tokio, and its blocking pool
    Tokio,
}

impl From<RuntimeChoice> for Runtime {
    fn from(choice: RuntimeChoice) -> Self {
        match choice {
            RuntimeChoice::Asyncio => Self::Asyncio,
            RuntimeChoice::Fastapi => Self::Fastapi,
            RuntimeChoice::Celery => Self::Celery,
            RuntimeChoice::Threads => Self::Threads,
            RuntimeChoice::Tokio => Self::Tokio,
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum VerifyFormat {
    /// A table and a verdict
    #[default]
    Text,
    /// One object, `loopscope.verification/1`
    Json,
}

fn parse_scale(text: &str) -> Result<RunScale, String> {
    let scale = text.parse().ok().and_then(RunScale::new);
    scale.ok_or_else(|| "write a number from 0.001 to 1000".to_owned())
}

fn parse_seconds(text: &str) -> Result<f64, String> {
    let seconds = text.parse().ok();
    let seconds = seconds.filter(|seconds| (0.01..=86_400.0).contains(seconds));
    seconds.ok_or_else(|| "write a number from 0.01 to 86400".to_owned())
}

fn parse_percent(text: &str) -> Result<f64, String> {
    let percent = text.trim_end_matches('%').parse().ok();
    let percent = percent.filter(|percent| (0.0..=100.0).contains(percent));
    percent.ok_or_else(|| "write a number from 0 to 100".to_owned())
}

pub(crate) fn verify(args: &VerifyArgs, console: &mut Console) -> Result<Exit, Failure> {
    for output in [&args.overlay, &args.trace] {
        let inputs = std::iter::once(&args.file).chain(&args.costs);
        keep_inputs(output.as_deref(), inputs.map(PathBuf::as_path))?;
    }
    let Some(loaded) = load_script(&args.file, &args.machine, console)? else {
        return Ok(Exit::Invalid);
    };
    // Real runs take long, so an output that cannot be written fails before them.
    for path in [&args.overlay, &args.trace].into_iter().flatten() {
        must_be_writable(path)?;
    }
    let costs = args.costs.as_deref();
    let costs = costs
        .map(|path| calibrate::read_costs(path, console))
        .transpose()?;
    let mut options = VerifyOptions {
        runtime: args.on.into(),
        scale: args.scale,
        runs: args.runs,
        percent: args.tolerance,
        costs,
        limit: args.limit.map(Duration::from_secs),
    };
    // From here on, Ctrl-C ends the children first and still reports the runs so far.
    let interrupt = Interrupt::on_signals();
    if let Some(seconds) = args.seconds {
        let scale = scale_to(&loaded.workload, &options, seconds, &interrupt);
        options.scale = scale.map_err(Failure::Verify)?;
    }
    let verified = crate::verify::verify(&loaded.workload, &options, &interrupt, |_| {});
    let verification = verified.map_err(Failure::Verify)?;
    let language = console.style.language;
    match args.format {
        VerifyFormat::Text => console.print(&text(&verification, language))?,
        VerifyFormat::Json => console.write(|out| write_json(&verification, out))?,
    }
    if let Some(path) = &args.overlay {
        write_overlay(path, &verification, console)?;
    }
    if let Some(path) = &args.trace {
        let origin = trace::Origin {
            script: &loaded.text,
            runtime: Some(verification.options.runtime.word()),
            versions: &verification.versions,
            scale: verification.options.scale.factor(),
        };
        replace(path, |out| {
            trace::trace(origin, verification.median_run(), out)
        })?;
    }
    Ok(exit_of(&verification))
}

fn write_overlay(
    path: &Path,
    verification: &Verification,
    console: &Console,
) -> Result<(), Failure> {
    let drawn = draw_overlay(verification, SvgTheme::Auto, console.style.language);
    replace(path, |out| out.write_all(drawn.as_bytes()))
}

/// Only a confirmed prediction exits with 0. A measurement that is too noisy proves nothing.
fn exit_of(verification: &Verification) -> Exit {
    match verification.verdict {
        _ if verification.interrupted => Exit::Interrupted,
        Verdict::Holds => Exit::Holds,
        Verdict::Fails | Verdict::TooNoisy => Exit::Fails,
    }
}

pub(crate) fn exit_of_error(error: &VerifyError) -> Exit {
    match error {
        VerifyError::Missing(_) => Exit::Missing,
        VerifyError::Interrupted => Exit::Interrupted,
        VerifyError::NoPrediction | VerifyError::TimedOut { .. } => Exit::Limit,
        VerifyError::Crashed { .. } => Exit::Fails,
        VerifyError::Unsupported { .. } | VerifyError::NoJobs | VerifyError::System { .. } => {
            Exit::Usage
        }
    }
}
