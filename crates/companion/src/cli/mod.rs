//! The command line, e.g. `loopscope run pasta.loop`.
//!
//! Results go to standard output; diagnostics and notes go to standard error. Each command
//! is a function of its arguments and a [`Console`]; this file connects it to the process's
//! arguments, streams and exit code.
//!
//! - [`args`]: the arguments and their help texts. [`console`]: streams, language, colours.
//! - [`source`], [`replace`]: reading scripts, writing files.
//! - [`diagnose`]: a diagnostic with its source line. [`words`]: messages in every language.

mod args;
mod blame;
mod calibrate;
mod check;
mod colour;
mod compare;
mod completions;
mod console;
mod deadlock;
mod diagnose;
mod diff;
mod draw;
mod exercise;
mod exit;
mod explain;
mod export;
mod failed;
mod failure;
mod findings;
mod fmt;
mod formula;
pub mod help;
mod illustrate;
mod import;
mod lesson;
mod lessons;
mod limit;
mod link;
mod load;
mod machine;
mod man;
mod mdbook;
mod open;
mod orders;
mod peaks;
mod printed;
mod progress;
mod replace;
mod run;
mod serve;
mod setup;
mod source;
mod surroundings;
mod sweep;
mod sweep_args;
mod table;
mod verdicts;
mod verify;
mod why;
mod why_args;
mod words;
mod writable;

use std::ffi::OsString;
use std::io::{self, BufWriter};
use std::process::ExitCode;

use args::{Args, Command};
use clap::{CommandFactory, FromArgMatches};
use console::Console;
use exit::Exit;
use failure::Failure;
use surroundings::Surroundings;

/// The entry point of the `loopscope` program.
pub fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    // `verify` starts this same executable as a child process. The two internal commands are
    // handled before clap, so they appear neither in the help nor in the completions.
    if let [_, first, folder] = &arguments[..]
        && first == verify::local::ARGUMENT
    {
        return verify::local::main(folder.as_ref());
    }
    if let [_, first, folder, command @ ..] = &arguments[..]
        && first == verify::supervisor::ARGUMENT
    {
        return verify::supervisor::main(folder.as_ref(), command);
    }
    let surroundings = Surroundings::of_process(&arguments);
    let args = match parse(&arguments, &surroundings) {
        Ok(args) => args,
        Err(error) => return refuse(&error),
    };
    let mut out = BufWriter::new(io::stdout().lock());
    let mut err = io::stderr().lock();
    let mut input = io::stdin().lock();
    let mut console = Console {
        input: &mut input,
        out: &mut out,
        err: &mut err,
        style: surroundings.style(),
    };
    let exit = answer(&args, &mut console);
    // `answer` has flushed and reported write errors; a drop cannot report any.
    drop(out);
    exit.into()
}

/// Runs the command and prints its failure, if there is one.
fn answer(args: &Args, console: &mut Console) -> Exit {
    let done = perform(&args.command, console).and_then(|exit| {
        // A full disk often shows only here, and must not exit with 0.
        console.write(|out| out.flush())?;
        Ok(exit)
    });
    done.unwrap_or_else(|failure: Failure| {
        console.complain(&failure);
        failure.exit()
    })
}

fn perform(command: &Command, console: &mut Console) -> Result<Exit, Failure> {
    match command {
        Command::Check(args) => check::check(args, console),
        Command::Fmt(args) => fmt::fmt(args, console),
        Command::Run(args) => run::run(args, console),
        Command::Draw(args) => draw::draw(args, console),
        Command::Export(args) => export::export(args, console),
        Command::Exercise(args) => exercise::exercise(args, console),
        Command::Guess(args) => exercise::guess(args, console),
        Command::Import(args) => import::import(args, console),
        Command::Why(args) => why::why(args, console),
        Command::Open(args) => open::open(args, console),
        Command::Serve(args) => serve::serve(args, console),
        Command::Calibrate(args) => calibrate::calibrate(args, console),
        Command::Setup(args) => setup::setup(args, console),
        Command::Compare(args) => compare::compare_placements(args, console),
        Command::Diff(args) => diff::diff(args, console),
        Command::Orders(args) => orders::tell_orders(args, console),
        Command::Sweep(args) => sweep::sweep(args, console),
        Command::Merge(args) => sweep::merge_shards(args, console),
        Command::Verify(args) => verify::verify(args, console),
        Command::Lessons(args) => lessons::lessons(args, console),
        Command::Link(args) => link::link(args, console),
        Command::Explain(args) => explain::explain(args, console),
        Command::Completions(args) => completions::completions(args, console),
        Command::Man(args) => man::man(args, console),
        Command::Mdbook(args) => mdbook::mdbook(args, console),
    }
}

fn parse(arguments: &[OsString], surroundings: &Surroundings) -> Result<Args, clap::Error> {
    // The help is part of the command, so it is translated before the arguments are parsed.
    let command = help::localised(Args::command(), surroundings.language);
    let command = command.color(surroundings.clap_colour());
    let mut matches = command.try_get_matches_from(arguments)?;
    Args::from_arg_matches_mut(&mut matches)
}

/// Prints the help, the version or a usage error; clap returns all three as errors.
fn refuse(error: &clap::Error) -> ExitCode {
    // A failed write is ignored: standard error was the last place to report it.
    let _ = error.print();
    if error.use_stderr() {
        Exit::Usage.into()
    } else {
        Exit::Holds.into()
    }
}
