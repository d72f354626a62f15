//! The failed tasks, one line each, below the chart that marks them with a cross.

use std::fmt::Write;

use super::outcome::RunOutcome;
use crate::cli::colour::Ink;
use crate::cli::console::Style;
use chart::paint::text::plain;
use chart::scene::label::brief;
use model::time::SimTime;
use model::trace::{Record, Role, State};
use model::workload::{ResourceIndex, ResourceKind, SegmentKind};

/// Lines of failed tasks; more would push the totals off the screen.
const LINES_MAX: usize = 5;

pub(crate) fn failure_list(outcome: &RunOutcome, style: Style) -> String {
    let records = outcome.run.trace().log.iter().filter(|record| {
        // A part, e.g. a `thread:` block, passes its failure on to its parent, which has a line.
        let part = outcome.run.trace().instance(record.instance).role == Role::Part;
        record.state == State::Failed && !part
    });
    let mut text = String::new();
    let mut count = 0;
    for record in records {
        if count < LINES_MAX {
            let at = brief(record.at.since(SimTime::ZERO));
            let at = style.out.paint(Ink::Faint, &at);
            let line = outcome.run.workload().place(record.segment).line;
            let who = style.say().at_line(&outcome.name(record.instance), line);
            let _ = writeln!(
                text,
                "  {at}  {who}: {}",
                failure_reason(outcome, style, record)
            );
        }
        count += 1;
    }
    if count == 0 {
        return text;
    }
    if count > LINES_MAX {
        let _ = writeln!(text, "  {}", style.say().more_rows(count - LINES_MAX));
    }
    let title = style.out.paint(Ink::Strong, style.say().failed_title());
    format!("{title}\n{text}")
}

/// Whether a time limit ended the segment that failed.
fn was_timed_out(outcome: &RunOutcome, failed: Record) -> bool {
    let is_limit = |record: Record| {
        let ended = (record.instance, record.segment) == (failed.instance, failed.segment);
        ended && record.state == State::TimedOut
    };
    outcome.run.trace().log.iter().any(is_limit)
}

fn is_pool(outcome: &RunOutcome, resource: ResourceIndex) -> bool {
    let kind = outcome.run.workload().resource(resource).kind;
    matches!(kind, ResourceKind::Pool { .. })
}

/// The reason for the failure, by the segment that raised it.
fn failure_reason(outcome: &RunOutcome, style: Style, record: Record) -> String {
    let segments = outcome.run.workload().segments();
    let segment = segments.get(record.segment.0 as usize).copied().flatten();
    let say = style.say();
    match segment.map(|segment| &segment.kind) {
        Some(SegmentKind::Fail { text }) => plain(text),
        Some(SegmentKind::With { resource, .. } | SegmentKind::Acquire { resource })
            if is_pool(outcome, *resource) =>
        {
            say.no_permit().to_owned()
        }
        Some(SegmentKind::Release { resource }) if is_pool(outcome, *resource) => {
            say.all_permits_free().to_owned()
        }
        // These need the lock that they use, like `asyncio.Condition.notify`.
        Some(
            SegmentKind::Release { .. }
            | SegmentKind::With { .. }
            | SegmentKind::Notify { .. }
            | SegmentKind::WaitCondition { .. },
        ) => say.not_held().to_owned(),
        // Such a wait can also have been timed out.
        Some(SegmentKind::Put { .. } | SegmentKind::Get { .. })
            if !was_timed_out(outcome, record) =>
        {
            say.queue_is_shut().to_owned()
        }
        Some(SegmentKind::Group { .. }) => say.failed_in_group().to_owned(),
        Some(SegmentKind::Spawn { .. }) => say.group_is_closing().to_owned(),
        Some(SegmentKind::Wait { .. } | SegmentKind::Cancel { .. }) => {
            say.handle_is_unset().to_owned()
        }
        _ => say.timed_out().to_owned(),
    }
}
