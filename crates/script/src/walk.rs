//! Traversal of a workload's bodies: the blocks, tasks and resources of a segment.

use model::workload::{Body, ResourceIndex, Segment, SegmentKind, TaskIndex, Work};

/// Visits all segments of a body, a segment before its blocks. Recursive, since bodies nest no
/// deeper than [`model::limits::NESTING_MAX`].
pub(super) fn each<'w>(body: &'w Body, visit: &mut impl FnMut(&'w Segment)) {
    for segment in body {
        visit(segment);
        for inner in segment.kind.bodies() {
            each(inner, visit);
        }
    }
}

/// The tasks that a segment starts or runs.
pub(super) fn named_tasks(kind: &SegmentKind) -> Vec<TaskIndex> {
    match kind {
        SegmentKind::Call { task }
        | SegmentKind::Spawn { task, .. }
        | SegmentKind::Send { task, .. }
        | SegmentKind::Shield { task }
        | SegmentKind::WaitFor { task, .. }
        | SegmentKind::Offload {
            work: Work::Task(task),
            ..
        } => vec![*task],
        SegmentKind::Gather { members, .. } | SegmentKind::AsCompleted { members, .. } => {
            members.iter().map(|m| m.task).collect()
        }
        _ => Vec::new(),
    }
}

/// The resource that a segment uses.
pub(super) fn named_resource(kind: &SegmentKind) -> Option<ResourceIndex> {
    match kind {
        SegmentKind::Put { queue }
        | SegmentKind::Get { queue }
        | SegmentKind::Shutdown { queue } => Some(*queue),
        SegmentKind::With { resource, .. }
        | SegmentKind::Acquire { resource }
        | SegmentKind::Release { resource } => Some(*resource),
        SegmentKind::SetEvent { event }
        | SegmentKind::ClearEvent { event }
        | SegmentKind::WaitEvent { event } => Some(*event),
        SegmentKind::WaitCondition { condition } | SegmentKind::Notify { condition, .. } => {
            Some(*condition)
        }
        _ => None,
    }
}
