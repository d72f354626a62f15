//! The arguments of `why`. Their doc comments are the texts of the help and the man page.

use std::path::PathBuf;

use super::machine::MachineArgs;
use model::time::SimDuration;
use model::workload::{Length, SegmentKind};

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

/// Parses a duration of the script language, e.g. `1.5s`.
pub(super) fn duration(text: &str) -> Result<SimDuration, String> {
    // The language's own parser reads the duration, in a script with one segment. These
    // characters could add another segment or a comment.
    let plain = !text.contains(['\n', '#', '"', '-', ';', '>']);
    let parsed = plain.then(|| script::parse(&format!("a: await {text}")));
    let workload = parsed.and_then(|parsed| parsed.workload);
    let body = workload
        .as_ref()
        .map(|workload| workload.tasks[0].body.as_slice());
    match body {
        Some([segment]) => match segment.kind {
            SegmentKind::Await {
                length: Length::Fixed(duration),
                ..
            } => Ok(duration),
            _ => Err("write one duration, such as `2s` or `150ms`".to_owned()),
        },
        _ => Err("write a duration, such as `2s` or `150ms`".to_owned()),
    }
}
