//! The edits of a remedy, e.g. `block` to `await` in a whole handler. An edit may be useless: a
//! trial discards remedies without an effect. Leaves editing a text to [`script::EditableScript`].

use super::evidence::{Evidence, Site};
use model::workload::{SegmentKind, TaskIndex};
use script::Edit;
use script::vocabulary::Verb;

/// `block 3s` to `await 3s`.
pub(super) fn await_instead(evidence: &Evidence, site: &Site) -> Option<Edit> {
    match site.segment.kind {
        SegmentKind::Block { .. } => evidence.script.set_verb(site.segment.id, Verb::Await),
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

/// A `def` that handles requests becomes a coroutine: blocking segments are awaited, and
/// computations go to a process if `cpu_elsewhere`.
pub(super) fn async_handler(
    evidence: &Evidence,
    task: TaskIndex,
    cpu_elsewhere: bool,
) -> Option<Vec<Edit>> {
    let mut edits = vec![evidence.script.make_async(task)?];
    for site in evidence.sites().filter(|site| site.task == task) {
        edits.extend(await_instead(evidence, site));
        if cpu_elsewhere {
            edits.extend(in_process(evidence, site));
        }
    }
    Some(edits)
}
