//! Findings about the shape of a program: calls in sequence that could run concurrently, I/O
//! under a lock, queues without a bound.

use super::super::scarce::Scarce;
use super::evidence::{Evidence, Site};
use super::{Change, Finding, FindingKind, Suspect};
use model::trace::{Role, State};
use model::workload::{
    Body, ResourceIndex, ResourceKind, Segment, SegmentId, SegmentKind, TaskIndex, TaskKind,
};
use script::Edit;

/// Fewer calls in sequence are likely to need each other's results.
const CALLS_MIN: usize = 3;
/// The bound to suggest. A queue that never gets longer than this is not growing.
const QUEUE_MAX: u32 = 100;
/// Waiting below 1/10 of the total is not reported.
const PETTY_SHARE: u128 = 10;

pub(super) fn look(evidence: &Evidence, suspects: &mut Vec<Suspect>) {
    for (index, task) in evidence.workload.tasks.iter().enumerate() {
        if task.kind == TaskKind::Async && has_run(evidence, TaskIndex(index as u32)) {
            find_calls_in_sequence(evidence, &task.body, suspects);
        }
    }
    for site in evidence.sites() {
        find_repeated_calls(evidence, site, suspects);
        if let SegmentKind::With { resource, body } = &site.segment.kind {
            find_io_under_lock(evidence, site.segment.id, *resource, body, suspects);
        }
    }
    find_growing_queues(evidence, suspects);
}

fn has_run(evidence: &Evidence, task: TaskIndex) -> bool {
    let mut instances = evidence.trace.instances.iter();
    instances.any(|instance| instance.task == task && instance.role != Role::Part)
}

/// Looks for sequences of calls of tasks that only wait, e.g. `call a -> call b -> call c`.
fn find_calls_in_sequence(evidence: &Evidence, body: &Body, suspects: &mut Vec<Suspect>) {
    let mut row: Vec<(&Segment, TaskIndex)> = Vec::new();
    for segment in body {
        match segment.kind {
            SegmentKind::Call { task } if only_waits(evidence, task) => row.push((segment, task)),
            _ => {
                // Any other segment ends the sequence: its effect may be needed by the next
                // call.
                suggest_gather(evidence, &std::mem::take(&mut row), suspects);
                for inner in segment.kind.bodies() {
                    find_calls_in_sequence(evidence, inner, suspects);
                }
            }
        }
    }
    suggest_gather(evidence, &row, suspects);
}

fn suggest_gather(evidence: &Evidence, row: &[(&Segment, TaskIndex)], suspects: &mut Vec<Suspect>) {
    let ([(first, _), ..], [.., (last, _)]) = (row, row) else {
        return;
    };
    if row.len() < CALLS_MIN {
        return;
    }
    let names = row
        .iter()
        .map(|(_, task)| evidence.workload.task(*task).name.as_str());
    let names: Vec<&str> = names.collect();
    let gather = format!("gather {}", names.join(", "));
    let edit = evidence.script.replace_row(first.id, last.id, gather);
    let segments = row.iter().map(|(segment, _)| segment.id).collect();
    let waited = row.iter().map(|(_, task)| waiting_in(evidence, *task));
    let finding = Finding::new(FindingKind::SequentialCalls, segments, waited.sum());
    suspects.push(finding.suspect(remedy(Change::Gather, edit.map(|edit| vec![edit]))));
}

/// Looks for repeated calls of a task that only waits, e.g. `repeat 5 (call fetch)`.
fn find_repeated_calls(evidence: &Evidence, site: &Site, suspects: &mut Vec<Suspect>) {
    let SegmentKind::Repeat { times, body } = &site.segment.kind else {
        return;
    };
    let [inner] = body.as_slice() else { return };
    let SegmentKind::Call { task } = inner.kind else {
        return;
    };
    if site.sync || *times < CALLS_MIN as u64 || !only_waits(evidence, task) {
        return;
    }
    let gather = format!("gather {times} {}", evidence.workload.task(task).name);
    let edit = evidence.script.replace_with_block(site.segment.id, gather);
    let cost = waiting_in(evidence, task);
    let finding = Finding::new(FindingKind::SequentialCalls, vec![inner.id], cost);
    suspects.push(finding.suspect(remedy(Change::Gather, edit.map(|edit| vec![edit]))));
}

/// Whether a task only awaits and prints: it changes nothing that other tasks can observe.
fn only_waits(evidence: &Evidence, task: TaskIndex) -> bool {
    let task = evidence.workload.task(task);
    task.kind == TaskKind::Async
        && task
            .body
            .iter()
            .any(|segment| matches!(segment.kind, SegmentKind::Await { .. }))
        && task.body.iter().all(|segment| {
            matches!(
                segment.kind,
                SegmentKind::Await { .. } | SegmentKind::Print { .. }
            )
        })
}

/// The time that all instances spent awaiting in a task's own segments.
fn waiting_in(evidence: &Evidence, task: TaskIndex) -> u128 {
    let spans = evidence.spans.all().iter().filter(|span| {
        span.state == State::Awaiting
            && evidence
                .site(span.segment)
                .is_some_and(|site| site.task == task)
    });
    spans.map(|span| u128::from(span.length().as_nanos())).sum()
}

/// Looks for I/O under a lock for which other tasks wait.
fn find_io_under_lock(
    evidence: &Evidence,
    with: SegmentId,
    resource: ResourceIndex,
    body: &Body,
    suspects: &mut Vec<Suspect>,
) {
    // With several permits, others can go on while one holder waits for I/O.
    let exclusive = matches!(
        evidence.workload.resource(resource).kind,
        ResourceKind::Lock | ResourceKind::Semaphore { permits: 1 }
    );
    if !exclusive {
        return;
    }
    let mut segments: Vec<(u128, SegmentId)> = Vec::new();
    visit_segments(body, &mut |segment| {
        let waits = matches!(
            segment.kind,
            SegmentKind::Await { .. } | SegmentKind::Block { .. } | SegmentKind::Offload { .. }
        );
        let cost = evidence.blame.of(segment.id, Scarce::Permit);
        if waits && cost > 0 {
            segments.push((cost, segment.id));
        }
    });
    segments.sort_by_key(|(cost, id)| (std::cmp::Reverse(*cost), *id));
    let cost = segments.iter().map(|(cost, _)| cost).sum();
    if evidence.is_petty(cost, PETTY_SHARE) {
        return;
    }
    let finding = Finding {
        victims: evidence.blame.victims_of(Scarce::Permit),
        ..Finding::new(
            FindingKind::LockConvoy,
            segments.into_iter().map(|(_, id)| id).collect(),
            cost,
        )
    };
    let edits = shorter_lock(evidence, with, body);
    suspects.push(finding.suspect(remedy(Change::ShorterLock, edits)));
}

/// The one remedy, where its edits found their place.
fn remedy(change: Change, edits: Option<Vec<Edit>>) -> Vec<(Change, Vec<Edit>)> {
    edits.map(|edits| (change, edits)).into_iter().collect()
}

fn visit_segments<'b>(body: &'b Body, found: &mut impl FnMut(&'b Segment)) {
    for segment in body {
        found(segment);
        for body in segment.kind.bodies() {
            visit_segments(body, found);
        }
    }
}

/// The edits that move the first `await` under the lock before the lock.
fn shorter_lock(evidence: &Evidence, with: SegmentId, body: &Body) -> Option<Vec<Edit>> {
    match body.first()?.kind {
        SegmentKind::Await { .. } => evidence.script.hoist_first(with),
        _ => None,
    }
}

/// Looks for queues without a bound that would reach one.
fn find_growing_queues(evidence: &Evidence, suspects: &mut Vec<Suspect>) {
    for (index, resource) in evidence.workload.resources.iter().enumerate() {
        let index = ResourceIndex(index as u32);
        if resource.kind != (ResourceKind::Queue { capacity: None }) {
            continue;
        }
        let of = |site: &&Site| match site.segment.kind {
            SegmentKind::Put { queue } => queue == index,
            _ => false,
        };
        let taken = evidence
            .sites()
            .any(|site| matches!(site.segment.kind, SegmentKind::Get { queue } if queue == index));
        let puts: Vec<SegmentId> = evidence
            .sites()
            .filter(of)
            .map(|site| site.segment.id)
            .collect();
        // A bound on a queue that is never emptied would only block the producers.
        if puts.is_empty() || !taken {
            continue;
        }
        let edit = evidence.script.set_resource_size(index, QUEUE_MAX);
        // The cost is memory, not waiting.
        let finding = Finding::new(FindingKind::UnboundedQueue, puts, 0);
        let mut suspect = finding.suspect(remedy(
            Change::BoundedQueue(QUEUE_MAX),
            edit.map(|edit| vec![edit]),
        ));
        suspect.needs_proof = true;
        suspects.push(suspect);
    }
}
