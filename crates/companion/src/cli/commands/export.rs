//! `export`: writes the script as a Python program, or its run in another tool's format.
//!
//! Leaves the formats to [`formats::export`] and [`formats::report`].

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::PathBuf;

use crate::cli::console::Console;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::machine::MachineArgs;
use crate::cli::output::findings;
use crate::cli::output::formula;
use crate::cli::output::limit;
use crate::cli::output::load::load_script;
use crate::cli::output::outcome::{RunOutcome, run_script};
use crate::cli::replace::{keep_inputs, replace};
use crate::cli::source::is_standard;
use crate::verify::VerifyError;
use formats::export::{asyncio, celery, fastapi, mermaid, perfetto, sends_jobs, trace};
use formats::report::{Detail, write_json};
use model::trace::Trace;

/// Export a script as Python, or its trace for other tools
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  loopscope export pasta.loop --to asyncio -o pasta.py")]
pub(crate) struct ExportArgs {
    /// The script; `-` is standard input
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Format of the export
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(crate) to: ExportFormat,
    /// The file to write [default: `-`, standard output]
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) machine: MachineArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum ExportFormat {
    /// A Python program, standard library only
    Asyncio,
    /// A FastAPI app, and an httpx client that calls it
    Fastapi,
    /// A Celery app, and an asyncio program that sends jobs to it
    Celery,
    /// The result of the run, `loopscope.result/1`
    Json,
    /// Every change of state, `loopscope.trace/1`; `open` draws it
    Trace,
    /// A trace that ui.perfetto.dev opens
    Perfetto,
    /// A Gantt chart for Markdown
    Mermaid,
}

pub(crate) fn export(args: &ExportArgs, console: &mut Console) -> Result<Exit, Failure> {
    keep_inputs(args.output.as_deref(), [args.file.as_path()])?;
    let Some(loaded) = load_script(&args.file, &args.machine, console)? else {
        return Ok(Exit::Invalid);
    };
    // A program depends on the script alone, so it is exported without a simulation.
    let program = match args.to {
        ExportFormat::Asyncio => Some(asyncio(&loaded.workload)),
        ExportFormat::Fastapi => Some(fastapi(&loaded.workload)),
        ExportFormat::Celery if !sends_jobs(&loaded.workload) => {
            return Err(Failure::Verify(VerifyError::NoJobs));
        }
        ExportFormat::Celery => Some(celery(&loaded.workload)),
        _ => None,
    };
    if let Some(program) = program {
        write_or_print(args, console, |out| out.write_all(program.as_bytes()))?;
        return Ok(Exit::Holds);
    }
    let mut outcome = RunOutcome::of_script(run_script(&loaded.workload));
    // Findings simulate the run again with each remedy, so only the format that has them
    // pays for them.
    if args.to == ExportFormat::Json {
        let found = findings::find_findings(&outcome, &loaded.text, &args.machine);
        outcome.findings = findings::report_findings(&found, &outcome, &loaded.text);
        outcome.formula = formula::report_formula(&outcome);
    }
    write_or_print(args, console, |out| {
        write_export(args.to, &loaded.text, &outcome, out)
    })?;
    Ok(limit::report_limit(
        &outcome.run.trace().ending,
        &args.file,
        &loaded,
        console,
    ))
}

/// Writes to the file of `--output`, or to standard output.
fn write_or_print(
    args: &ExportArgs,
    console: &mut Console,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Failure> {
    match &args.output {
        // Standard output is buffered already; a new file is not.
        Some(path) if !is_standard(path) => replace(path, |out| write_buffered(out, write)),
        _ => console.write(write),
    }
}

fn write_export(
    format: ExportFormat,
    script: &str,
    outcome: &RunOutcome,
    out: &mut dyn Write,
) -> io::Result<()> {
    let (workload, trace) = (outcome.run.workload(), outcome.run.trace());
    match format {
        ExportFormat::Asyncio => out.write_all(asyncio(workload).as_bytes()),
        ExportFormat::Fastapi => out.write_all(fastapi(workload).as_bytes()),
        ExportFormat::Celery => out.write_all(celery(workload).as_bytes()),
        ExportFormat::Json => write_json(outcome.report(), Detail::Full, out),
        ExportFormat::Trace => write_trace(script, trace, out),
        ExportFormat::Perfetto => perfetto(script, workload, trace, out),
        ExportFormat::Mermaid => out.write_all(mermaid(workload, trace).as_bytes()),
    }
}

fn write_trace(script: &str, simulated: &Trace, out: &mut dyn Write) -> io::Result<()> {
    let origin = trace::Origin {
        script,
        runtime: None,
        versions: &BTreeMap::new(),
        scale: 1.0,
    };
    trace::trace(origin, simulated, out)
}

fn write_buffered(
    out: &mut dyn Write,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let mut buffered = io::BufWriter::new(out);
    write(&mut buffered)?;
    // A drop would flush too, but ignore a full disk.
    buffered.flush()
}
