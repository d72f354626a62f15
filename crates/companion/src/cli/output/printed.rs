//! The output of `print` segments: time, instance and text.

use std::fmt::Write;

use unicode_width::UnicodeWidthStr;

use super::outcome::RunOutcome;
use crate::cli::colour::Ink;
use crate::cli::console::Style;
use chart::paint::text::plain;
use chart::scene::label::brief;
use model::time::SimTime;
use model::trace::{InstanceId, State};
use model::workload::{SegmentId, SegmentKind};

/// Lines of output. The rest is counted.
const LINES_MAX: usize = 20;

/// One `print` segment that `count` instances execute at the same instant.
struct PrintedLine {
    at: SimTime,
    segment: SegmentId,
    first: InstanceId,
    count: usize,
}

pub(crate) fn printed_lines(outcome: &RunOutcome, style: Style) -> String {
    let segments = outcome.run.workload().segments();
    let text_of = |segment: SegmentId| match segments.get(segment.0 as usize) {
        Some(Some(segment)) => match &segment.kind {
            SegmentKind::Print { text } => Some(text.as_str()),
            _ => None,
        },
        _ => None,
    };
    let (lines, more) = first_lines(outcome);
    if lines.is_empty() {
        return String::new();
    }
    let times: Vec<String> = lines.iter().map(|line| line_time(line.at)).collect();
    let widest = times.iter().map(|time| time.width()).max().unwrap_or(0);
    let mut text = format!(
        "{}\n",
        style.out.paint(Ink::Strong, style.say().printed_title())
    );
    for (line, at) in lines.iter().zip(&times) {
        let at = style.out.paint(Ink::Faint, &format!("{at:>widest$}"));
        let what = plain(text_of(line.segment).unwrap_or_default());
        let _ = writeln!(text, "  {at}  {}: {what}", line_author(outcome, line));
    }
    if more > 0 {
        let _ = writeln!(text, "  {}", style.say().more_rows(more));
    }
    text
}

/// The first lines, and the number of records that they leave out.
fn first_lines(outcome: &RunOutcome) -> (Vec<PrintedLine>, usize) {
    let mut lines: Vec<PrintedLine> = Vec::new();
    let mut more = 0;
    let records = outcome.run.trace().log.iter();
    for record in records.filter(|record| record.state == State::Printed) {
        let full = lines.len() == LINES_MAX;
        match lines.last_mut() {
            // Once a record is left out, the last line is no longer its neighbour.
            Some(last) if more == 0 && (last.at, last.segment) == (record.at, record.segment) => {
                last.count += 1;
            }
            _ if full => more += 1,
            _ => lines.push(PrintedLine {
                at: record.at,
                segment: record.segment,
                first: record.instance,
                count: 1,
            }),
        }
    }
    (lines, more)
}

/// E.g. `ping 3`, or `40 × ping`.
fn line_author(outcome: &RunOutcome, line: &PrintedLine) -> String {
    match line.count {
        1 => outcome.name(line.first),
        count => format!("{count} × {}", outcome.task_name(line.first)),
    }
}

fn line_time(at: SimTime) -> String {
    brief(at.since(SimTime::ZERO))
}
