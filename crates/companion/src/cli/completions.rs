//! `completions`: what the shell offers after a tab.

use clap::CommandFactory;

use super::args::{Args, CompletionsArgs};
use super::console::Console;
use super::exit::Exit;
use super::failure::Failure;

pub(super) fn completions(args: &CompletionsArgs, console: &mut Console) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "loopscope", &mut script);
    console.write(|out| out.write_all(&script))?;
    Ok(Exit::Holds)
}
