//! Warnings: valid parts of a script that were hardly intended, e.g. an unused task.
//!
//! Runs only on scripts without errors, because an incomplete script has many unused things.

use super::diagnostic::Diagnostic;
use super::diagnostics::NameKind;
use super::lower::Lowered;
use super::recursion::is_nothing;
use super::span::Span;
use super::walk;
use model::workload::{
    Body, Place, ResourceIndex, ResourceKind, SegmentId, SegmentKind, TaskIndex, Workload,
};

pub(super) fn lint(lowered: &Lowered) -> Vec<Diagnostic> {
    let mut warnings = Vec::new();
    unused_tasks(lowered, &mut warnings);
    lint_resources(lowered, &mut warnings);
    for task in &lowered.workload.tasks {
        lint_body(&lowered.workload, &task.body, &mut warnings);
    }
    warnings
}

/// Warns about tasks that no `run` reaches.
fn unused_tasks(lowered: &Lowered, warnings: &mut Vec<Diagnostic>) {
    let workload = &lowered.workload;
    let mut used = vec![false; workload.tasks.len()];
    let mut open: Vec<TaskIndex> = workload.runs.iter().map(|run| run.task).collect();
    while let Some(task) = open.pop() {
        if std::mem::replace(&mut used[task.0 as usize], true) {
            continue;
        }
        walk::each(&workload.task(task).body, &mut |segment| {
            open.extend(walk::named_tasks(&segment.kind));
        });
    }
    let tasks = workload.tasks.iter().zip(&lowered.task_names);
    for ((task, name), _) in tasks.zip(used).filter(|(_, used)| !used) {
        warnings.push(Diagnostic::unused_task(&task.name, *name));
    }
}

/// The uses of a resource in the whole script.
#[derive(Clone, Copy, Default)]
struct Uses {
    /// The first segment that waits for the resource.
    awaited: Option<SegmentId>,
    /// The first segment that puts an item into the queue.
    filled: Option<SegmentId>,
    /// Whether a segment sets, notifies or releases the resource.
    given: bool,
}

impl Uses {
    fn note_use(&mut self, id: SegmentId, kind: &SegmentKind) {
        match kind {
            SegmentKind::Put { .. } => {
                self.filled.get_or_insert(id);
                self.given = true;
            }
            SegmentKind::SetEvent { .. }
            | SegmentKind::Notify { .. }
            | SegmentKind::Release { .. } => self.given = true,
            SegmentKind::Get { .. }
            | SegmentKind::With { .. }
            | SegmentKind::Acquire { .. }
            | SegmentKind::WaitEvent { .. }
            | SegmentKind::WaitCondition { .. } => {
                self.awaited.get_or_insert(id);
            }
            _ => {}
        }
    }
}

/// Warns about resources that are unused, never filled, or never emptied.
fn lint_resources(lowered: &Lowered, warnings: &mut Vec<Diagnostic>) {
    let workload = &lowered.workload;
    let mut uses: Vec<Option<Uses>> = vec![None; workload.resources.len()];
    // `with c:` also waits for a condition's lock, but only `wait c` needs a `notify`.
    let mut conditions_awaited: Vec<Option<SegmentId>> = vec![None; workload.resources.len()];
    for task in &workload.tasks {
        walk::each(&task.body, &mut |segment| {
            let Some(ResourceIndex(index)) = walk::named_resource(&segment.kind) else {
                return;
            };
            let index = index as usize;
            uses[index]
                .get_or_insert_default()
                .note_use(segment.id, &segment.kind);
            if matches!(segment.kind, SegmentKind::WaitCondition { .. }) {
                conditions_awaited[index].get_or_insert(segment.id);
            }
        });
    }
    for (index, resource) in workload.resources.iter().enumerate() {
        let name = &resource.name;
        let kind = kind_of(resource.kind);
        let Some(uses) = uses[index] else {
            let span = lowered.resource_names[index];
            warnings.push(Diagnostic::unused_resource(name, kind, span));
            continue;
        };
        let at = |id: SegmentId| span_of_place(workload.place(id));
        let starved = match resource.kind {
            ResourceKind::Queue { .. } | ResourceKind::Event => uses.awaited,
            ResourceKind::Condition => conditions_awaited[index],
            // Without permits, the first one must come from a `release`.
            ResourceKind::Semaphore { permits: 0 } => uses.awaited,
            ResourceKind::Semaphore { .. } | ResourceKind::Lock | ResourceKind::Pool { .. } => None,
        };
        if let Some(first) = starved.filter(|_| !uses.given) {
            warnings.push(Diagnostic::never_filled(name, kind, at(first)));
        }
        // A queue without a bound may be filled and never emptied.
        let bounded = matches!(resource.kind, ResourceKind::Queue { capacity: Some(_) });
        if let (true, None, Some(first)) = (bounded, uses.awaited, uses.filled) {
            warnings.push(Diagnostic::never_taken(name, at(first)));
        }
    }
}

/// Warns about segments that are never reached, and about loops in which no time passes.
fn lint_body(workload: &Workload, body: &Body, warnings: &mut Vec<Diagnostic>) {
    for (segment, next) in body.iter().zip(body.iter().skip(1)) {
        let after = match segment.kind {
            SegmentKind::Forever { .. } => "forever",
            SegmentKind::Fail { .. } => "fail",
            _ => continue,
        };
        let span = span_of_place(workload.place(next.id));
        warnings.push(Diagnostic::unreachable(after, span));
        // One warning for each body: all later segments have the same cause.
        break;
    }
    for segment in body {
        if let SegmentKind::Forever { body } = &segment.kind
            && takes_no_time(workload, body)
        {
            let span = span_of_place(workload.place(segment.id));
            warnings.push(Diagnostic::forever_without_time(span));
        }
        for inner in segment.kind.bodies() {
            self::lint_body(workload, inner, warnings);
        }
    }
}

/// Whether a body surely lets no time pass, does not wait, and does not leave the loop.
fn takes_no_time(workload: &Workload, body: &Body) -> bool {
    body.iter().all(|segment| match &segment.kind {
        SegmentKind::Cpu { length, .. }
        | SegmentKind::Await { length, .. }
        | SegmentKind::Block { length, .. } => is_nothing(*length),
        SegmentKind::Yield
        | SegmentKind::Print { .. }
        | SegmentKind::Respond
        | SegmentKind::Spawn { .. }
        | SegmentKind::Send { .. }
        | SegmentKind::Release { .. }
        | SegmentKind::SetEvent { .. }
        | SegmentKind::ClearEvent { .. }
        | SegmentKind::Notify { .. } => true,
        SegmentKind::Put { queue } => matches!(
            workload.resource(*queue).kind,
            ResourceKind::Queue { capacity: None }
        ),
        SegmentKind::Repeat { body, .. } => takes_no_time(workload, body),
        _ => false,
    })
}

fn kind_of(kind: ResourceKind) -> NameKind {
    match kind {
        ResourceKind::Queue { .. } => NameKind::Queue,
        ResourceKind::Semaphore { .. } => NameKind::Semaphore,
        ResourceKind::Lock => NameKind::Lock,
        ResourceKind::Event => NameKind::Event,
        ResourceKind::Condition => NameKind::Condition,
        ResourceKind::Pool { .. } => NameKind::Pool,
    }
}

fn span_of_place(place: Place) -> Span {
    Span {
        start: place.start,
        end: place.end,
    }
}
