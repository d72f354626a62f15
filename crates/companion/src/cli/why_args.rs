//! The arguments of `why`. Their doc comments are the texts of the help and the man page.

use std::path::PathBuf;

use super::machine::MachineArgs;
use model::time::SimDuration;

/// Explain why a task waits: for which task, at which line
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  loopscope why pasta.loop make_toast")]
pub(super) struct WhyArgs {
    /// The script; `-` is standard input
    #[arg(value_name = "FILE")]
    pub(super) file: PathBuf,
    /// The task: `ping`, or `ping 3` for the third
    #[arg(value_name = "TASK")]
    pub(super) task: String,
    /// The time to look at [default: when its longest wait begins]
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub(super) at: Option<SimDuration>,
    #[command(flatten)]
    pub(super) machine: MachineArgs,
}

/// Parses a duration of the script language for clap, whose messages are English.
pub(super) fn duration(text: &str) -> Result<SimDuration, String> {
    script::parse_duration(text).map_err(|_| "write a duration, such as `2s` or `150ms`".to_owned())
}
