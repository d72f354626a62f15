//! The edits of a remedy, e.g. `block` to `await` in a whole handler. An edit may be useless: a
//! trial discards remedies without an effect. Leaves editing a text to [`script::EditableScript`].

use super::evidence::{Evidence, Site};
use super::twins;
use model::time::SimDuration;
use model::workload::{Length, SegmentKind, TaskIndex};
use script::Edit;
use script::vocabulary::Verb;

/// `block 3s` to `await 3s`, with the label of a library that can be awaited.
pub(super) fn await_instead(evidence: &Evidence, site: &Site) -> Option<Vec<Edit>> {
    let SegmentKind::Block { label, .. } = &site.segment.kind else {
        return None;
    };
    let label = label.as_deref().and_then(twins::awaited_label);
    let (script, id) = (&evidence.script, site.segment.id);
    script.set_verb_and_label(id, Verb::Await, label.as_deref())
}

/// `block 3s` to `thread (block 3s)`.
pub(super) fn on_thread(evidence: &Evidence, site: &Site) -> Option<Edit> {
    match site.segment.kind {
        SegmentKind::Block { .. } => evidence.script.wrap(site.segment.id, Verb::Thread),
        _ => None,
    }
}

/// `cpu 3s` to `process (cpu 3s)`.
pub(super) fn in_process(evidence: &Evidence, site: &Site) -> Option<Edit> {
    match site.segment.kind {
        SegmentKind::Cpu { .. } => evidence.script.wrap(site.segment.id, Verb::Process),
        _ => None,
    }
}

/// `cpu 1ms` to `cpu 1ms -> yield`.
pub(super) fn yield_behind(evidence: &Evidence, site: &Site) -> Option<Edit> {
    evidence.script.follow_with(site.segment.id, "yield")
}

/// Whether it is a computation that takes at most `most`; if its length is drawn, in the mean.
pub(super) fn is_short_computation(site: &Site, most: SimDuration) -> bool {
    let SegmentKind::Cpu { length, .. } = site.segment.kind else {
        return false;
    };
    match length {
        Length::Fixed(length) | Length::Exponential { mean: length } => length <= most,
        Length::Uniform { high, .. } => high <= most,
    }
}

/// A `def` that handles requests becomes a coroutine: blocking segments are awaited, and
/// computations go to a process if `cpu_elsewhere`.
pub(super) fn async_handler(
    evidence: &Evidence,
    task: TaskIndex,
    cpu_elsewhere: bool,
) -> Option<Vec<Edit>> {
    let mut edits = vec![evidence.script.make_async(task)?];
    for site in evidence.sites().filter(|site| site.task == task) {
        edits.extend(await_instead(evidence, site).unwrap_or_default());
        if cpu_elsewhere {
            edits.extend(in_process(evidence, site));
        }
    }
    Some(edits)
}
