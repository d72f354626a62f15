//! What can be typed after `why`. The texts here are the help and the man page.

use std::path::PathBuf;

use super::machine::MachineArgs;
use crate::language::{Text, text};
use crate::script;
use crate::time::SimDuration;
use crate::workload::{Length, SegmentKind};

/// Say why a task waits: whom for, and at which line
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
    /// The instant to look at [default: when its longest wait begins]
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub(super) at: Option<SimDuration>,
    #[command(flatten)]
    pub(super) machine: MachineArgs,
}

/// The help in Korean.
pub(super) const TEXTS: &[Text] = &[
    text!(
        "Say why a task waits: whom for, and at which line",
        "태스크가 왜 기다리는지, 누구를, 어느 줄 때문인지 말합니다"
    ),
    text!(
        "Example:\n  loopscope why pasta.loop make_toast",
        "예:\n  loopscope why pasta.loop make_toast"
    ),
    text!(
        "The task: `ping`, or `ping 3` for the third",
        "태스크: `ping`, 세 번째는 `ping 3`"
    ),
    text!(
        "The instant to look at [default: when its longest wait begins]",
        "볼 시점 [기본값: 가장 오래 기다리기 시작한 때]"
    ),
    text!(
        "Also give the total as a formula, where there is one",
        "전체 시간의 식도, 있으면 보여 줍니다"
    ),
    text!(
        "Also say which lines made others wait, and how long",
        "다른 태스크를 기다리게 한 줄과 그 시간도 말합니다"
    ),
];

/// As the script language writes one.
pub(super) fn duration(text: &str) -> Result<SimDuration, String> {
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
