//! `run --blame`: which lines made others wait, for what, and how long.

use std::fmt::Write;

use super::colour::Ink;
use super::console::Style;
use super::run::Outcome;
use analysis::why::blame;
use chart::paint::text::plain;
use chart::scene::label::task_time;
use model::workload::{SegmentId, Workload};

/// Lines that are shown.
const ROWS_MAX: usize = 20;

pub(super) fn blame_table(outcome: &Outcome, text: &str, style: Style) -> String {
    let say = style.say();
    let blame = blame(outcome.workload, &outcome.trace);
    if blame.total_waited() == 0 {
        return format!("{}\n", say.nobody_waited());
    }
    let title = say.waited_because_of(&task_time(blame.total_waited()));
    let mut table = format!("{}\n", style.out.paint(Ink::Strong, &title));
    let rows = &blame.lines;
    let widest = rows.iter().map(|row| task_time(row.nanos).len());
    let widest = widest.max().unwrap_or(0);
    for row in rows.iter().take(ROWS_MAX) {
        let (time, scarce) = (task_time(row.nanos), say.scarce(row.scarce));
        let line = outcome.workload.place(row.segment).line;
        let place = style.out.paint(Ink::Faint, &say.line(line));
        let _ = writeln!(
            table,
            "  {time:>widest$}  {scarce}  {place}: {}",
            source(outcome.workload, text, row.segment)
        );
    }
    if rows.len() > ROWS_MAX {
        let _ = writeln!(table, "  {}", say.more_lines(rows.len() - ROWS_MAX));
    }
    if blame.nobody > 0 {
        let _ = writeln!(table, "  {}", say.nobodys(&task_time(blame.nobody)));
    }
    table
}

/// A segment as it is written, harmless on a terminal.
pub(super) fn source(workload: &Workload, text: &str, segment: SegmentId) -> String {
    plain(workload.source(text, segment))
}
