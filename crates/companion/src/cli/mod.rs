//! The command line, e.g. `loopscope run pasta.loop`.
//!
//! Results go to standard output; diagnostics and notes go to standard error. Each command
//! is a function of its arguments and a [`Console`]; this file connects it to the process's
//! arguments, streams and exit code.
//!
//! - [`commands`]: the commands, with their arguments and help texts. [`args`]: options that
//!   several of them share. [`output`]: the parts of their output.
//! - [`console`]: streams, language, colours.
//! - [`source`], [`replace`], [`watch`]: reading scripts, writing files, waiting for changes.
//! - [`diagnose`]: a diagnostic with its source line. [`words`]: messages in every language.

mod args;
mod colour;
mod commands;
mod console;
mod diagnose;
mod exit;
mod failure;
pub mod help;
mod machine;
mod output;
mod progress;
mod replace;
mod source;
mod surroundings;
mod watch;
mod words;
mod writable;

use std::ffi::OsString;
use std::io::{self, BufWriter};
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches};
use commands::Args;
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
        && first == crate::verify::local::ARGUMENT
    {
        return crate::verify::local::main(folder.as_ref());
    }
    if let [_, first, folder, command @ ..] = &arguments[..]
        && first == crate::verify::supervisor::ARGUMENT
    {
        return crate::verify::supervisor::main(folder.as_ref(), command);
    }
    let surroundings = Surroundings::of_process(&arguments);
    let args = match parse_arguments(&arguments, &surroundings) {
        Ok(args) => args,
        Err(error) => return print_refusal(&error),
    };
    let mut out = BufWriter::new(io::stdout().lock());
    let mut err = io::stderr().lock();
    let mut input = io::stdin().lock();
    let mut console = Console {
        input: &mut input,
        out: &mut out,
        err: &mut err,
        style: surroundings.style().quiet(args.quiet),
    };
    let exit = match args.command.watched() {
        Some(watched) => {
            let clears = surroundings.out_is_terminal && !args.quiet;
            watch::run_watched(&watched, &mut console, clears, |console| {
                run_command(&args, console)
            })
        }
        None => run_command(&args, &mut console),
    };
    // `answer` has flushed and reported write errors; a drop cannot report any.
    drop(out);
    exit.into()
}

/// Runs the command and prints its failure, if there is one.
fn run_command(args: &Args, console: &mut Console) -> Exit {
    let done = args.command.run(console).and_then(|exit| {
        // A full disk often shows only here, and must not exit with 0.
        console.write(|out| out.flush())?;
        Ok(exit)
    });
    done.unwrap_or_else(|failure: Failure| {
        console.complain(&failure);
        failure.exit()
    })
}

fn parse_arguments(
    arguments: &[OsString],
    surroundings: &Surroundings,
) -> Result<Args, clap::Error> {
    // The help is part of the command, so it is translated before the arguments are parsed.
    let command = help::localised_command(Args::command(), surroundings.language);
    let command = command.color(surroundings.clap_colour());
    let mut matches = command.try_get_matches_from(arguments)?;
    Args::from_arg_matches_mut(&mut matches)
}

/// Prints the help, the version or a usage error; clap returns all three as errors.
fn print_refusal(error: &clap::Error) -> ExitCode {
    // A failed write is ignored: standard error was the last place to report it.
    let _ = error.print();
    if error.use_stderr() {
        Exit::Usage.into()
    } else {
        Exit::Holds.into()
    }
}
