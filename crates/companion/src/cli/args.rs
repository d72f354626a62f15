//! The arguments of each command.
//!
//! The doc comments of the argument types are the texts of the help and the man pages, and the
//! keys of their translations. The larger commands define their arguments in their own files.

use std::num::NonZeroU32;
use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

use super::machine::MachineArgs;
pub(super) use super::sweep_args::{CompareArgs, DiffArgs, MergeArgs, OrdersArgs, SweepArgs};
pub(super) use super::why_args::WhyArgs;
use chart::scene::By;
use texts::{Language, Text, text};

/// The text below the list of commands in `loopscope --help`.
pub(super) const OVERVIEW: Text = text!(
    "\
A first script, pasta.loop:
  make_pasta: cpu 3 -> await 5
  make_toast: cpu 6

Example:
  loopscope run pasta.loop

`-` as a file is standard input. Exit codes: 0 success, 1 an expectation
failed, 2 wrong usage, 3 the script has errors, 4 a limit was reached,
5 a required program is not installed, 130 interrupted.",
);

/// A concurrency playground: write a task script, see its schedule, know why
#[derive(Debug, Parser)]
#[command(
    name = "loopscope",
    version,
    arg_required_else_help = true,
    max_term_width = 80,
    subcommand_required = true,
    disable_help_subcommand = true,
    disable_help_flag = true,
    disable_version_flag = true,
    after_help = OVERVIEW.en()
)]
pub(super) struct Args {
    #[command(subcommand)]
    pub(super) command: Command,
    /// Language of all messages [default: from the locale]
    #[arg(long, global = true, value_name = "LANG", value_enum)]
    lang: Option<Tongue>,
    /// Colours [default: auto]
    #[arg(long, global = true, value_name = "WHEN", value_enum)]
    color: Option<When>,
    /// Print help
    #[arg(long, short, global = true, action = clap::ArgAction::HelpShort)]
    help: Option<bool>,
    /// Print version
    #[arg(long, short = 'V', action = clap::ArgAction::Version)]
    version: Option<bool>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    Check(CheckArgs),
    Fmt(FmtArgs),
    Run(RunArgs),
    Draw(DrawArgs),
    Export(ExportArgs),
    Import(super::import::ImportArgs),
    Why(WhyArgs),
    Compare(CompareArgs),
    Diff(DiffArgs),
    Orders(OrdersArgs),
    Sweep(SweepArgs),
    Merge(MergeArgs),
    Exercise(super::exercise::ExerciseArgs),
    Guess(super::exercise::GuessArgs),
    Verify(super::verify::VerifyArgs),
    Open(super::open::OpenArgs),
    Serve(super::serve::ServeArgs),
    Calibrate(super::calibrate::CalibrateArgs),
    Setup(super::setup::SetupArgs),
    Lessons(super::lessons::LessonsArgs),
    Link(super::link::LinkArgs),
    Explain(ExplainArgs),
    Completions(CompletionsArgs),
    Man(ManArgs),
    Mdbook(super::mdbook::MdbookArgs),
}

/// Report every problem in scripts, with its line
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  loopscope check pasta.loop --fix")]
pub(super) struct CheckArgs {
    /// Scripts; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,
    /// Fix the problems that have a safe fix
    #[arg(long, conflicts_with = "lesson")]
    pub(super) fix: bool,
    /// Files are Markdown pages: test all scripts in them and their expectations
    #[arg(long)]
    pub(super) lesson: bool,
    /// Output format
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(super) format: CheckFormat,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum CheckFormat {
    /// For people, on standard error
    #[default]
    Text,
    /// For programs, on standard output
    Json,
}

/// Format scripts
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  loopscope fmt pasta.loop")]
pub(super) struct FmtArgs {
    /// Scripts; `-` formats standard input to standard output
    #[arg(required = true, value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,
    /// Change nothing; list the files that would change, and fail if there are any
    #[arg(long)]
    pub(super) check: bool,
}

/// Simulate a script and show its chart, its total and its expectations
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  loopscope run pasta.loop --cores 2")]
pub(super) struct RunArgs {
    /// The script; `-` is standard input
    #[arg(value_name = "FILE")]
    pub(super) file: PathBuf,
    /// Output format
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(super) format: RunFormat,
    /// Show only counts, percentiles and peaks, not each task
    #[arg(long)]
    pub(super) summary: bool,
    /// Also show which lines made other tasks wait, and for how long
    #[arg(long)]
    pub(super) blame: bool,
    /// Costs of the runtime itself: a file from `calibrate`
    #[arg(long, value_name = "FILE")]
    pub(super) costs: Option<PathBuf>,
    /// Also show the total as a formula, if there is one
    #[arg(long)]
    pub(super) formula: bool,
    #[command(flatten)]
    pub(super) chart: TextChartArgs,
    #[command(flatten)]
    pub(super) machine: MachineArgs,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum RunFormat {
    /// A chart for the terminal
    #[default]
    Text,
    /// One object, `loopscope.result/1`
    Json,
    /// A line for each task
    Csv,
}

/// How a chart in characters looks.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct TextChartArgs {
    /// Rows of the chart
    #[arg(long, value_enum, default_value_t, value_name = "ROWS")]
    pub(super) by: Rows,
    /// Plain ASCII instead of block characters
    #[arg(long)]
    pub(super) ascii: bool,
    /// Width in cells [default: the terminal's]
    #[arg(long, value_name = "CELLS", value_parser = width)]
    pub(super) width: Option<NonZeroU32>,
}

/// Draw the chart as a file
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  loopscope draw pasta.loop -o pasta.svg --theme dark")]
pub(super) struct DrawArgs {
    /// The script; `-` is standard input
    #[arg(value_name = "FILE")]
    pub(super) file: PathBuf,
    /// The file to write; its ending is the format: .svg, .png or .txt
    #[arg(long, short, value_name = "FILE")]
    pub(super) output: PathBuf,
    /// A heading above the chart
    #[arg(long, value_name = "TEXT")]
    pub(super) title: Option<String>,
    /// Rows of the chart
    #[arg(long, value_enum, default_value_t, value_name = "ROWS")]
    pub(super) by: Rows,
    /// Light, dark, or like the reader's system (a .png is then light)
    #[arg(long, value_enum, default_value_t, value_name = "THEME")]
    pub(super) theme: ThemeChoice,
    /// Width in pixels, or in cells for .txt [default: 960, or 80]
    #[arg(long, value_name = "WIDTH", value_parser = width)]
    pub(super) width: Option<NonZeroU32>,
    /// Plain ASCII in .txt
    #[arg(long)]
    pub(super) ascii: bool,
    #[command(flatten)]
    pub(super) machine: MachineArgs,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Rows {
    /// One for each task
    #[default]
    Tasks,
    /// One for each thread
    Threads,
}

impl From<Rows> for By {
    fn from(rows: Rows) -> Self {
        match rows {
            Rows::Tasks => Self::Tasks,
            Rows::Threads => Self::Threads,
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum ThemeChoice {
    #[default]
    Auto,
    Light,
    Dark,
}

/// Export a script as Python, or its trace for other tools
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  loopscope export pasta.loop --to asyncio -o pasta.py")]
pub(super) struct ExportArgs {
    /// The script; `-` is standard input
    #[arg(value_name = "FILE")]
    pub(super) file: PathBuf,
    /// Format of the export
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(super) to: ExportFormat,
    /// The file to write [default: `-`, standard output]
    #[arg(long, short, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    #[command(flatten)]
    pub(super) machine: MachineArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ExportFormat {
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

/// Explain a problem by its code
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  loopscope explain L401")]
pub(super) struct ExplainArgs {
    /// The code, as in `error[L401]`
    #[arg(value_name = "CODE")]
    pub(super) code: String,
}

/// Print completions for a shell
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  loopscope completions bash > loopscope.bash")]
pub(super) struct CompletionsArgs {
    /// The shell
    #[arg(value_enum, value_name = "SHELL")]
    pub(super) shell: clap_complete::Shell,
}

/// Print the manual page, or write all manual pages into a folder
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  loopscope man man1")]
pub(super) struct ManArgs {
    /// The folder; it is created if it does not exist
    #[arg(value_name = "DIR")]
    pub(super) dir: Option<PathBuf>,
}

/// A value of `--lang`, e.g. `ko`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tongue(pub(super) Language);

const TONGUES: [Tongue; Language::ALL.len()] = {
    // `map` is not const, so a loop fills the array.
    let mut tongues = [Tongue(Language::En); Language::ALL.len()];
    let mut at = 0;
    while at < tongues.len() {
        tongues[at] = Tongue(Language::ALL[at]);
        at += 1;
    }
    tongues
};

impl ValueEnum for Tongue {
    fn value_variants<'a>() -> &'a [Self] {
        &TONGUES
    }

    fn to_possible_value(&self) -> Option<clap::builder::PossibleValue> {
        Some(clap::builder::PossibleValue::new(self.0.tag()))
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum When {
    /// On a terminal that has them
    #[default]
    Auto,
    Always,
    Never,
}

fn width(text: &str) -> Result<NonZeroU32, String> {
    let width = text.parse().map_err(|_| "write a whole number from `1`");
    Ok(width?)
}
