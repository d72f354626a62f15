//! The commands, each in a file of its own: its arguments, its run and its texts.
//!
//! To add a command, add its file, and a line to `commands!` below.

mod calibrate;
mod check;
mod compare;
mod completions;
mod diff;
mod doctor;
mod draw;
mod exercise;
mod explain;
mod export;
mod fit;
mod fmt;
pub(super) mod help;
mod import;
mod lessons;
mod link;
mod man;
mod mdbook;
mod open;
mod orders;
mod page;
pub(super) mod prove;
mod run;
mod serve;
mod setup;
pub(super) mod sweep;
pub(super) mod verify;
mod why;

pub(crate) use check::Tally;
use clap::{Parser, Subcommand};

use super::args::{ColourChoice, LanguageChoice};
use super::console::Console;
use super::exit::Exit;
use super::failure::Failure;
use super::watch::Watched;
use texts::{Text, text};

/// The text below the list of commands in `loopscope --help`.
const OVERVIEW: Text = text!(
    "\
A first script, pasta.loop:
  make_pasta: cpu 3 -> await 5
  make_toast: cpu 6

Examples:
  loopscope run pasta.loop
  loopscope run app.py

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
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
    /// Language of all messages [default: from the locale]
    #[arg(long, global = true, value_name = "LANG", value_enum)]
    lang: Option<LanguageChoice>,
    /// Only results and errors: no notes, no progress
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
    /// Colours [default: auto]
    #[arg(long, global = true, value_name = "WHEN", value_enum)]
    color: Option<ColourChoice>,
    /// Print help
    #[arg(long, short, global = true, action = clap::ArgAction::HelpShort)]
    help: Option<bool>,
    /// Print version
    #[arg(long, short = 'V', action = clap::ArgAction::Version)]
    version: Option<bool>,
}

/// Defines [`Command`] from a list of the arguments and the function of each command.
macro_rules! commands {
    ($($name:ident($module:ident::$args:ident) => $run:ident,)*) => {
        #[derive(Debug, Subcommand)]
        pub(crate) enum Command {
            $($name($module::$args),)*
        }

        impl Command {
            pub(crate) fn run(&self, console: &mut Console) -> Result<Exit, Failure> {
                match self {
                    $(Self::$name(args) => $module::$run(args, console),)*
                }
            }
        }
    };
}

// In the order of the help.
commands! {
    Check(check::CheckArgs) => check,
    Fmt(fmt::FmtArgs) => fmt,
    Run(run::RunArgs) => run,
    Draw(draw::DrawArgs) => draw,
    Export(export::ExportArgs) => export,
    Import(import::ImportArgs) => import,
    Fit(fit::FitArgs) => fit_run,
    Why(why::WhyArgs) => why,
    Compare(compare::CompareArgs) => compare_strategies,
    Diff(diff::DiffArgs) => diff,
    Orders(orders::OrdersArgs) => tell_orders,
    Sweep(sweep::SweepArgs) => sweep,
    Merge(sweep::MergeArgs) => merge_shards,
    Exercise(exercise::ExerciseArgs) => exercise,
    Guess(exercise::GuessArgs) => guess,
    Verify(verify::VerifyArgs) => verify,
    Prove(prove::ProveArgs) => prove,
    Open(open::OpenArgs) => open,
    Serve(serve::ServeArgs) => serve,
    Page(page::PageArgs) => write_page,
    Calibrate(calibrate::CalibrateArgs) => calibrate,
    Setup(setup::SetupArgs) => setup,
    Doctor(doctor::DoctorArgs) => doctor,
    Lessons(lessons::LessonsArgs) => lessons,
    Link(link::LinkArgs) => link,
    Explain(explain::ExplainArgs) => explain,
    Help(help::HelpArgs) => help,
    Completions(completions::CompletionsArgs) => completions,
    Man(man::ManArgs) => man,
    Mdbook(mdbook::MdbookArgs) => mdbook,
}

impl Command {
    /// The files to watch, if the command was given `--watch`.
    pub(crate) fn watched(&self) -> Option<Watched> {
        match self {
            Self::Run(args) if args.watch => Some(Watched {
                files: vec![args.file.clone()],
                is_program: args.is_program(),
            }),
            Self::Check(args) if args.watch => Some(Watched {
                files: args.files.clone(),
                is_program: false,
            }),
            _ => None,
        }
    }
}
