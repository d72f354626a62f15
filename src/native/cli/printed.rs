//! What the tasks printed, when, and who.

use std::fmt::Write;

use super::colour::Ink;
use super::console::Style;
use super::run::Outcome;
use crate::paint::text::plain;
use crate::scene::label::brief;
use crate::time::SimTime;
use crate::trace::State;
use crate::workload::{SegmentKind, Workload};

/// Lines that are shown, and how many with `--summary`.
const LINES_MAX: usize = 40;

pub(super) fn printed(outcome: &Outcome, summary: bool, style: Style) -> String {
    let workload = outcome.workload;
    if summary || !prints(workload) {
        return String::new();
    }
    let segments = workload.segments();
    let mut lines = Vec::new();
    let mut more = 0;
    let records = outcome.trace.log.iter();
    for record in records.filter(|record| record.state == State::Printed) {
        let Some(SegmentKind::Print { text }) = segments
            .get(record.segment.0 as usize)
            .and_then(|segment| segment.map(|segment| &segment.kind))
        else {
            continue;
        };
        if lines.len() == LINES_MAX {
            more += 1;
            continue;
        }
        let at = brief(record.at.since(SimTime::ZERO));
        lines.push((at, outcome.name(record.instance), plain(text)));
    }
    layout(&lines, more, style)
}

fn prints(workload: &Workload) -> bool {
    let segments = workload.segments();
    let mut kinds = segments.iter().flatten().map(|segment| &segment.kind);
    kinds.any(|kind| matches!(kind, SegmentKind::Print { .. }))
}

fn layout(lines: &[(String, String, String)], more: usize, style: Style) -> String {
    let widest = lines.iter().map(|(at, ..)| at.len()).max();
    let Some(widest) = widest else {
        return String::new();
    };
    let mut text = format!("{}\n", style.out.paint(Ink::Strong, style.say().printed()));
    for (at, who, what) in lines {
        let at = style.out.paint(Ink::Faint, &format!("{at:>widest$}"));
        let _ = writeln!(text, "  {at}  {who}: {what}");
    }
    if more > 0 {
        let _ = writeln!(text, "  {}", style.say().more(more));
    }
    text
}
