//! `completions`: prints the completion script of a shell, e.g. bash.

use clap::CommandFactory;

use super::args::{Args, CompletionsArgs};
use super::console::Console;
use super::exit::Exit;
use super::failure::Failure;

pub(super) fn completions(args: &CompletionsArgs, console: &mut Console) -> Result<Exit, Failure> {
    // `generate` panics if a write fails, e.g. into a closed pipe, so it writes into memory.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "loopscope", &mut script);
    console.write(|out| out.write_all(&script))?;
    Ok(Exit::Holds)
}
