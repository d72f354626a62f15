//! `run --blame`: which lines made others wait, for what, and how long.

use std::fmt::Write;

use super::colour::Ink;
use super::console::Style;
use super::run::Outcome;
use crate::paint::text::plain;
use crate::scene::label::brief;
use crate::time::SimDuration;
use crate::why::blame;
use crate::workload::{SegmentId, Workload};

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

/// A segment as it is written.
pub(super) fn source(workload: &Workload, text: &str, segment: SegmentId) -> String {
    let place = workload.places.get(segment.0 as usize);
    let written = place.and_then(|place| text.get(place.start as usize..place.end as usize));
    plain(
        written
            .unwrap_or_default()
            .lines()
            .next()
            .unwrap_or_default(),
    )
}

/// Task-seconds for people; more than centuries are centuries.
pub(super) fn task_time(nanos: u128) -> String {
    brief(SimDuration::from_nanos(
        u64::try_from(nanos).unwrap_or(u64::MAX),
    ))
}
