//! `completions`: prints the completion script of a shell, e.g. bash.

use clap::CommandFactory;

use crate::cli::commands::Args;
use crate::cli::console::Console;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;

/// Print completions for a shell
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  loopscope completions bash > loopscope.bash")]
pub(crate) struct CompletionsArgs {
    /// The shell
    #[arg(value_enum, value_name = "SHELL")]
    pub(crate) shell: clap_complete::Shell,
}

pub(crate) fn completions(args: &CompletionsArgs, console: &mut Console) -> Result<Exit, Failure> {
    // `generate` panics if a write fails, e.g. into a closed pipe, so it writes into memory.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "loopscope", &mut script);
    console.write(|out| out.write_all(&script))?;
    Ok(Exit::Holds)
}
