//! Removal of unused tasks and resources from a workload.

use model::workload::{Body, ResourceIndex, Segment, SegmentKind, TaskIndex, Work, Workload};

use super::layout::lay_out;
use super::shrink::{clauses, inner_body};

/// The same program without unused tasks and resources.
pub(crate) fn pruned(workload: &Workload) -> Workload {
    let mut pruned = workload.clone();
    // Without blocks that a removed segment has left.
    lay_out(&mut pruned);
    // Removing a task can make another one unused, so this repeats until nothing changes.
    while drop_a_task(&mut pruned) {}
    while drop_a_resource(&mut pruned) {}
    lay_out(&mut pruned);
    pruned
}

fn drop_a_task(workload: &mut Workload) -> bool {
    let mut used = vec![false; workload.tasks.len()];
    for run in &workload.runs {
        used[run.task.0 as usize] = true;
    }
    each_segment(workload, &mut |segment| {
        for task in tasks_of(&mut segment.kind) {
            used[task.0 as usize] = true;
        }
    });
    let Some(unused) = used.iter().position(|used| !used) else {
        return false;
    };
    workload.tasks.remove(unused);
    // The indexes of all later tasks move down by one.
    let gone = unused as u32;
    for run in &mut workload.runs {
        run.task.0 -= u32::from(run.task.0 > gone);
    }
    each_segment(workload, &mut |segment| {
        for task in tasks_of(&mut segment.kind) {
            task.0 -= u32::from(task.0 > gone);
        }
    });
    true
}

fn drop_a_resource(workload: &mut Workload) -> bool {
    let mut used = vec![false; workload.resources.len()];
    each_segment(workload, &mut |segment| {
        if let Some(resource) = resource_of(&mut segment.kind) {
            used[resource.0 as usize] = true;
        }
    });
    let Some(unused) = used.iter().position(|used| !used) else {
        return false;
    };
    workload.resources.remove(unused);
    let gone = unused as u32;
    each_segment(workload, &mut |segment| {
        if let Some(resource) = resource_of(&mut segment.kind) {
            resource.0 -= u32::from(resource.0 > gone);
        }
    });
    true
}

fn each_segment(workload: &mut Workload, visit: &mut impl FnMut(&mut Segment)) {
    for task in &mut workload.tasks {
        each_in(&mut task.body, visit);
    }
}

fn each_in(body: &mut Body, visit: &mut impl FnMut(&mut Segment)) {
    for segment in body {
        visit(segment);
        // `inner_body` omits `forever`, which shrinking keeps whole.
        if let SegmentKind::Forever { body } = &mut segment.kind {
            each_in(body, visit);
        }
        if let Some(inner) = inner_body(&mut segment.kind) {
            each_in(inner, visit);
        }
        for clause in clauses(&mut segment.kind).into_iter().flatten() {
            each_in(clause, visit);
        }
    }
}

fn tasks_of(kind: &mut SegmentKind) -> Vec<&mut TaskIndex> {
    match kind {
        SegmentKind::Call { task }
        | SegmentKind::Spawn { task, .. }
        | SegmentKind::Shield { task }
        | SegmentKind::WaitFor { task, .. }
        | SegmentKind::Send { task, .. }
        | SegmentKind::Offload {
            work: Work::Task(task),
            ..
        } => vec![task],
        SegmentKind::Gather { members, .. } | SegmentKind::AsCompleted { members, .. } => {
            members.iter_mut().map(|member| &mut member.task).collect()
        }
        _ => Vec::new(),
    }
}

fn resource_of(kind: &mut SegmentKind) -> Option<&mut ResourceIndex> {
    match kind {
        SegmentKind::Put { queue: resource }
        | SegmentKind::Get { queue: resource }
        | SegmentKind::Shutdown { queue: resource }
        | SegmentKind::With { resource, .. }
        | SegmentKind::Acquire { resource }
        | SegmentKind::Release { resource }
        | SegmentKind::SetEvent { event: resource }
        | SegmentKind::ClearEvent { event: resource }
        | SegmentKind::WaitEvent { event: resource }
        | SegmentKind::WaitCondition {
            condition: resource,
        }
        | SegmentKind::Notify {
            condition: resource,
            ..
        } => Some(resource),
        _ => None,
    }
}
