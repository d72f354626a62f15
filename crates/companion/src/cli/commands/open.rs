//! `open`: draws a trace from a file, e.g. one of VizTracer.
//!
//! Leaves reading traces to [`formats::import`].

use std::path::{Path, PathBuf};
use texts::{Text, text};

use clap::Args;

use super::run::RunFormat;
use crate::cli::args::TextChartArgs;
use crate::cli::console::Console;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::output::findings;
use crate::cli::output::outcome::RunOutcome;
use crate::cli::output::picture::{Picture, text_options};
use crate::cli::output::program::{ProgramParts, program_text};
use crate::cli::replace::{keep_inputs, replace};
use crate::cli::source;
use chart::standalone::{ChartOptions, Colours, TextOptions, draw_text};
use formats::import::{self, FILE_BYTES_MAX, Source};
use formats::program::ProgramRun;
use formats::report::{Detail, write_csv, write_json, write_program_json};
use model::trace::AnalysedRun;

/// Draw a trace from a file of Loopscope or VizTracer
#[derive(Debug, Args)]
#[command(after_help = EXAMPLE.en())]
pub(crate) struct OpenArgs {
    /// The trace, as JSON; `-` is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Draw it into this file instead: .svg, .png or .txt
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Output format
    #[arg(
        long,
        value_enum,
        default_value_t,
        value_name = "FORMAT",
        conflicts_with = "output"
    )]
    format: RunFormat,
    #[command(flatten)]
    chart: TextChartArgs,
}

pub(crate) const EXAMPLE: Text = text!(
    "\
Example:
  loopscope export pasta.loop --to trace | loopscope open -",
);

pub(crate) fn open(args: &OpenArgs, console: &mut Console) -> Result<Exit, Failure> {
    let picture = args.output.as_deref().map(Picture::of).transpose()?;
    keep_inputs(args.output.as_deref(), [args.file.as_path()])?;
    let bytes = source::read_at_most(&args.file, FILE_BYTES_MAX, console)?;
    let (mut opened, program) =
        import::open_with_program(&bytes).map_err(|error| Failure::Open {
            path: args.file.clone(),
            error,
        })?;
    if let Some(program) = &program {
        program.rename(&mut opened.workload);
    }
    // Traces of other tools have events that the model has no state for, e.g. counters.
    if opened.left_out > 0 {
        let note = console.style.say().left_out(opened.left_out);
        console.note(&format!("{note}\n"));
    }
    let text = text_options(&args.chart, console.style);
    let run = AnalysedRun::of(opened.workload, opened.trace);
    if args.format != RunFormat::Text {
        write_result(run, &opened.source, program.as_ref(), args.format, console)?;
        return Ok(Exit::Holds);
    }
    match (picture, &args.output, &program) {
        (Some(picture), Some(path), _) => draw_trace(picture, path, args, &run, &text)?,
        (_, _, Some(program)) => {
            let text = text_of_program(run, &opened.source, program, args, console);
            console.print(&text)?;
        }
        _ => console.print(&draw_text(&run, &text))?,
    }
    Ok(Exit::Holds)
}

/// Writes what `run` writes with the same `--format`. Only the trace of a Python program has
/// findings: those of a script need its text, which another tool's trace does not have.
fn write_result(
    run: AnalysedRun,
    source: &Source,
    program: Option<&ProgramRun>,
    format: RunFormat,
    console: &mut Console,
) -> Result<(), Failure> {
    let mut outcome = match program {
        Some(program) => RunOutcome::of_program(run, program),
        None => RunOutcome::of_script(run),
    };
    if let (Some(program), Source::Script(script)) = (program, source) {
        let found = findings::find_program_findings(&outcome, script);
        outcome.findings = findings::report_findings(&found, &outcome, &program.text);
    }
    console.write(|out| match (format, program) {
        (RunFormat::Csv, _) => write_csv(outcome.report(), out),
        (_, Some(program)) => write_program_json(outcome.report(), program, Detail::Full, out),
        (_, None) => write_json(outcome.report(), Detail::Full, out),
    })
}

/// What `run app.py` printed.
fn text_of_program(
    run: AnalysedRun,
    source: &Source,
    program: &ProgramRun,
    args: &OpenArgs,
    console: &Console,
) -> String {
    let outcome = RunOutcome::of_program(run, program);
    let found = match source {
        Source::Script(script) => findings::find_program_findings(&outcome, script),
        Source::Names(_) => Vec::new(),
    };
    let parts = ProgramParts {
        chart: &args.chart,
        summary: false,
        blame: false,
    };
    program_text(&outcome, program, &found, parts, console.style)
}

fn draw_trace(
    picture: Picture,
    path: &Path,
    args: &OpenArgs,
    run: &AnalysedRun,
    text: &TextOptions,
) -> Result<(), Failure> {
    let default = ChartOptions::default();
    let chart = ChartOptions {
        width_px: args
            .chart
            .width
            .map_or(default.width_px, |width| width.get()),
        by: args.chart.by.into(),
        language: text.language,
        ..default
    };
    // `text` is for the terminal; escape codes do not belong into a file.
    let plain = TextOptions {
        colours: Colours::None,
        ..text.clone()
    };
    let drawn = picture.draw(run, &chart, &plain)?;
    replace(path, |out| out.write_all(&drawn))
}
