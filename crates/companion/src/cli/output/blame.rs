//! The table of `run --blame`: lines that made tasks wait, the resource and the waiting time.
//!
//! [`analysis::why`] computes the blame; this file formats it.

use std::fmt::Write;

use unicode_width::UnicodeWidthStr;

use super::outcome::RunOutcome;
use crate::cli::colour::Ink;
use crate::cli::console::Style;
use analysis::why::blame;
use chart::paint::text::plain;
use chart::scene::label::task_time;
use model::workload::{SegmentId, Workload};

/// Rows of the table; it has the largest waiting times first.
const ROWS_MAX: usize = 20;

pub(crate) fn blame_table(outcome: &RunOutcome, text: &str, style: Style) -> String {
    let say = style.say();
    let blame = blame(outcome.run.workload(), outcome.run.trace());
    if blame.total_waited() == 0 {
        return format!("{}\n", say.nobody_waited());
    }
    let title = say.waited_because_of(&task_time(blame.total_waited()));
    let mut table = format!("{}\n", style.out.paint(Ink::Strong, &title));
    let rows = &blame.lines;
    let widest = rows.iter().map(|row| task_time(row.nanos).width());
    let widest = widest.max().unwrap_or(0);
    for row in rows.iter().take(ROWS_MAX) {
        let (time, scarce) = (task_time(row.nanos), say.scarce(row.scarce));
        let place = outcome.place(row.segment, say);
        let place = place.unwrap_or_else(|| say.elsewhere().to_owned());
        let place = style.out.paint(Ink::Faint, &place);
        let _ = writeln!(
            table,
            "  {time:>widest$}  {scarce}  {place}: {}",
            source_text(outcome.run.workload(), text, row.segment)
        );
    }
    if rows.len() > ROWS_MAX {
        let _ = writeln!(table, "  {}", say.more_lines(rows.len() - ROWS_MAX));
    }
    // Without this row the listed times would not add up to the total in the title.
    if blame.unattributed > 0 {
        let _ = writeln!(table, "  {}", say.nobodys(&task_time(blame.unattributed)));
    }
    table
}

/// The source text of a segment, e.g. `await 5s`, without control characters.
pub(crate) fn source_text(workload: &Workload, text: &str, segment: SegmentId) -> String {
    plain(workload.source(text, segment))
}
