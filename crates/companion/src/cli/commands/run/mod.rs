//! `run`: simulates a script, or runs a Python program ([`program`]), and prints its chart,
//! numbers, expectations and findings.
//!
//! Each part of the text has a file of its own in [`crate::cli::output`], e.g. `table`.

pub(super) mod program;
mod seeds;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;
use std::rc::Rc;

use super::calibrate;
use crate::cli::args::{SEEDS_MAX, TextChartArgs, whole_number};
use crate::cli::console::Console;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::machine::MachineArgs;
use crate::cli::output::load::load_bytes;
use crate::cli::output::outcome::{RunOutcome, run_script};
use crate::cli::output::picture::text_options;
use crate::cli::output::{
    blame, deadlock, failed, findings, formula, limit, peaks, printed, table, verdicts,
};
use crate::cli::replace::{keep_inputs, replace};
use crate::cli::source;
use crate::cli::writable::must_be_writable;
use analysis::why::findings::Finding;
use chart::standalone::draw_text;
use formats::export::trace;
use formats::report::{Detail, write_csv, write_json};
use program::ProgramArgs;
use texts::{Text, text};

/// Run a script or a Python program and show its chart, its total and what made it slow
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES.en())]
pub(crate) struct RunArgs {
    /// The script, or the Python program (.py); `-` is standard input
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Arguments of the Python program
    #[arg(last = true, value_name = "ARGS")]
    pub(crate) arguments: Vec<OsString>,
    /// Output format
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) format: RunFormat,
    /// Run again whenever the file is saved, until Ctrl-C
    #[arg(long)]
    pub(crate) watch: bool,
    /// Show only counts, percentiles and peaks, not each task
    #[arg(long)]
    pub(crate) summary: bool,
    /// Also show which lines made other tasks wait, and for how long
    #[arg(long)]
    pub(crate) blame: bool,
    /// Run with this number of seeds: the median, and the interval that holds 90 % of them
    #[arg(
        long,
        value_name = "N",
        value_parser = whole_number::<u32>(2..=SEEDS_MAX),
        conflicts_with_all = ["summary", "blame", "formula", "trace"]
    )]
    pub(crate) seeds: Option<u32>,
    /// Costs of the runtime itself: a file from `calibrate`
    #[arg(long, value_name = "FILE")]
    pub(crate) costs: Option<PathBuf>,
    /// Also show the total as a formula, if there is one
    #[arg(long)]
    pub(crate) formula: bool,
    /// Also write the trace into this file, for `open`
    #[arg(long, value_name = "FILE")]
    pub(crate) trace: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) chart: TextChartArgs,
    #[command(flatten)]
    program: ProgramArgs,
    #[command(flatten)]
    pub(crate) machine: MachineArgs,
}

impl RunArgs {
    /// Whether FILE is a Python program.
    pub(crate) fn is_program(&self) -> bool {
        program::is_program(self)
    }
}

pub(crate) const EXAMPLES: Text = text!(
    "\
Examples:
  loopscope run pasta.loop --cores 2
  loopscope run app.py --requests \"100 GET /ping\"",
);

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum RunFormat {
    /// A chart for the terminal
    #[default]
    Text,
    /// One object, `loopscope.result/1`
    Json,
    /// A line for each task
    Csv,
}

pub(crate) fn run(args: &RunArgs, console: &mut Console) -> Result<Exit, Failure> {
    if args.summary && args.format == RunFormat::Csv {
        return Err(Failure::NoSummaryAsCsv);
    }
    if args.seeds.is_some() && args.format == RunFormat::Csv {
        return Err(Failure::NoSeedsAsCsv);
    }
    if program::is_program(args) {
        return program::run(args, console);
    }
    let option = args.program.first_given();
    if let Some(option) = option.or((!args.arguments.is_empty()).then_some("--")) {
        return Err(Failure::OnlyForPrograms { option });
    }
    let inputs = std::iter::once(&args.file).chain(&args.costs);
    keep_inputs(args.trace.as_deref(), inputs.map(PathBuf::as_path))?;
    if let Some(path) = &args.trace {
        must_be_writable(path)?;
    }
    let bytes = source::read(&args.file, console)?;
    let Some(mut loaded) = load_bytes(&bytes, &args.file, &args.machine, console) else {
        return Ok(Exit::Invalid);
    };
    if let Some(path) = &args.costs {
        let workload = Rc::make_mut(&mut loaded.workload);
        workload.machine.costs = calibrate::read_costs(path, console)?.plain();
    }
    if let Some(seeds) = args.seeds {
        return seeds::run_seeds(args, &loaded, seeds, console);
    }
    let mut outcome = RunOutcome::of_script(run_script(&loaded.workload));
    let found = findings::find_findings(&outcome, &loaded.text, &args.machine);
    outcome.findings = findings::report_findings(&found, &outcome, &loaded.text);
    if args.format == RunFormat::Json {
        outcome.formula = formula::report_formula(&outcome);
    }
    match args.format {
        RunFormat::Text => console.print(&outcome.run_text(args, &loaded.text, &found, console))?,
        RunFormat::Json => {
            console.write(|out| write_json(outcome.report(), detail_of(args), out))?;
        }
        RunFormat::Csv => console.write(|out| write_csv(outcome.report(), out))?,
    }
    if let Some(path) = &args.trace {
        let origin = trace::Origin {
            script: &loaded.text,
            runtime: None,
            versions: &BTreeMap::new(),
            scale: 1.0,
        };
        replace(path, |out| trace::trace(origin, outcome.run.trace(), out))?;
    }
    // The message about a limit explains missing findings as well, so there is one note at most.
    if limit::report_limit(&outcome.run.trace().ending, &args.file, &loaded, console) == Exit::Holds
        && outcome.run.trace().is_too_long_for_detail()
    {
        let note = console.style.say().without_findings();
        console.note(&format!("{note}\n"));
    }
    Ok(outcome.exit())
}

fn detail_of(args: &RunArgs) -> Detail {
    if args.summary {
        Detail::Summary
    } else {
        Detail::Full
    }
}

impl RunOutcome<'_> {
    /// The chart or the summary, and the other parts below it, separated by blank lines.
    fn run_text(
        &self,
        args: &RunArgs,
        script: &str,
        found: &[Finding],
        console: &Console,
    ) -> String {
        let style = console.style;
        let (table, deadlock) = (
            table::task_table(self, style),
            deadlock::deadlock_text(self, style),
        );
        let verdicts = verdicts::verdict_list(self.run.verdicts(), style);
        let mut parts = if args.summary {
            vec![table, peaks::peaks_text(self, style), deadlock, verdicts]
        } else {
            vec![
                self.run_chart(args, console),
                if self.needs_table() {
                    table
                } else {
                    String::new()
                },
                printed::printed_lines(self, style),
                failed::failure_list(self, style),
                deadlock,
                verdicts,
            ]
        };
        if args.formula {
            parts.push(formula::formula_text(self, script, style));
        }
        parts.push(findings::findings_text(found, self, script, style));
        if args.blame {
            parts.push(blame::blame_table(self, script, style));
        }
        let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        parts.join("\n")
    }

    /// If every task runs once, the chart shows the table's numbers. A run that is too long for
    /// a chart needs the table in any case.
    pub(crate) fn needs_table(&self) -> bool {
        let mut tasks = self.run.summary().tasks.iter();
        tasks.any(|task| task.outcomes.created > 1) || self.run.trace().is_too_long_for_detail()
    }

    fn run_chart(&self, args: &RunArgs, console: &Console) -> String {
        draw_text(&self.run, &text_options(&args.chart, console.style))
    }
}
