//! Orders that the runtime promises, whatever the durations are: a task that awaits another one
//! ends after it, and a ready queue is first in, first out.
//!
//! # What this leaves out
//!
//! - A script with `timeout`, `cancel` or `fail` gets no promise, because a task may end early.
//! - Threads, processes and several servers promise nothing: the operating system decides.
//! - Times in the script, such as `run b at 3s`, are durations, not promises.

use model::time::SimTime;
use model::trace::{InstanceId, Role, Trace};
use model::workload::{
    Arrivals, Body, ResourceIndex, ResourceKind, Segment, SegmentKind, TaskIndex, TaskKind,
    Workload,
};

/// Calls that are nested deeper are taken to wait.
const DEPTH_MAX: u32 = 16;

/// Judges orders of one run.
pub(super) struct Promises<'a> {
    workload: &'a Workload,
    trace: &'a Trace,
    /// The number and the time of the first record of each instance.
    created: Vec<(usize, SimTime)>,
    /// The number of the record that ended it; `usize::MAX` without one.
    ended: Vec<usize>,
    /// Whether every task runs to its own end.
    is_undisturbed: bool,
}

impl<'a> Promises<'a> {
    pub(super) fn new(workload: &'a Workload, trace: &'a Trace) -> Self {
        let count = trace.instances.len();
        let mut created = vec![None; count];
        let mut ended = vec![usize::MAX; count];
        for (number, record) in trace.log.iter().enumerate() {
            let index = record.instance.0 as usize;
            created[index].get_or_insert((number, record.at));
            if record.state.is_terminal() {
                ended[index] = number;
            }
        }
        let created = created.into_iter();
        Self {
            workload,
            trace,
            created: created
                .map(|created| created.unwrap_or((usize::MAX, SimTime::MAX)))
                .collect(),
            ended,
            is_undisturbed: !workload.segments().into_iter().flatten().any(ends_early),
        }
    }

    /// Whether `first` ends before `second` in every run.
    pub(super) fn holds(&self, first: InstanceId, second: InstanceId) -> bool {
        self.is_undisturbed
            && self.has_steady_number(first)
            && self.has_steady_number(second)
            && (self.is_awaited_by(first, second)
                || self.is_awaited_before(first, second)
                || self.is_ahead_in_queue(first, second))
    }

    /// Whether its number names the same instance in every run: numbers count the instances of a
    /// task, and with several parents their order may change.
    fn has_steady_number(&self, id: InstanceId) -> bool {
        let instance = self.trace.instance(id);
        let mut same = self.trace.instances.iter();
        let one_parent =
            same.all(|other| other.task != instance.task || other.parent == instance.parent);
        one_parent
            && instance
                .parent
                .is_none_or(|parent| self.has_steady_number(parent))
    }

    /// Whether `owner` ends only after `id`, which it awaits itself or through other tasks.
    fn is_awaited_by(&self, id: InstanceId, owner: InstanceId) -> bool {
        let mut at = id;
        while let Some(parent) = self.awaiting_parent(at) {
            if parent == owner {
                return true;
            }
            at = parent;
        }
        false
    }

    /// The parent of an instance, if it cannot end before it.
    fn awaiting_parent(&self, id: InstanceId) -> Option<InstanceId> {
        let instance = self.trace.instance(id);
        let parent = instance.parent?;
        let is_awaited = match instance.role {
            Role::Gathered | Role::Grouped | Role::Shielded | Role::Offloaded | Role::Part => true,
            Role::Spawned | Role::Sent => {
                let body = &self.workload.task(self.trace.instance(parent).task).body;
                waits_for_all(body, instance.task)
            }
            Role::Arrived | Role::Handler => false,
        };
        is_awaited.then_some(parent)
    }

    /// Whether a task waited for `first` without doing anything else, and created `second`, or an
    /// ancestor of it, afterwards: `call a -> gather b, c`.
    fn is_awaited_before(&self, first: InstanceId, second: InstanceId) -> bool {
        let mut later = second;
        while let Some(parent) = self.trace.instance(later).parent {
            let mut at = first;
            while let Some(awaiting) = self.awaiting_parent(at) {
                let stops = matches!(
                    self.trace.instance(at).role,
                    Role::Gathered | Role::Shielded | Role::Offloaded
                );
                let created = self.created[later.0 as usize].0;
                if awaiting == parent && stops && self.ended[at.0 as usize] < created {
                    return true;
                }
                at = awaiting;
            }
            later = parent;
        }
        false
    }

    /// Whether both were put into one ready queue, `first` ahead, and `first` keeps its place: it
    /// ends in its first turn, or both need the same lock from beginning to end.
    fn is_ahead_in_queue(&self, first: InstanceId, second: InstanceId) -> bool {
        let (one, other) = (self.trace.instance(first), self.trace.instance(second));
        let on_loop = |id: InstanceId| {
            let instance = self.trace.instance(id);
            !instance.role.is_work()
                && instance.role != Role::Handler
                && self.workload.task(instance.task).kind == TaskKind::Async
        };
        let (created, later) = (
            self.created[first.0 as usize],
            self.created[second.0 as usize],
        );
        let is_ahead = self.workload.machine.servers == 1
            && one.parent == other.parent
            && created.0 < later.0
            && on_loop(first)
            && on_loop(second);
        // Timers of one instant fire in an order of their own.
        let together = one.parent.is_some()
            || (created.1 == later.1
                && self.arrives_together(one.task)
                && self.arrives_together(other.task)
                && (created.1 == SimTime::ZERO || one.task == other.task));
        let (body, other_body) = (
            &self.workload.task(one.task).body,
            &self.workload.task(other.task).body,
        );
        let lock = self.only_lock(body);
        is_ahead
            && together
            && (self.never_waits(body, 0) || (lock.is_some() && lock == self.only_lock(other_body)))
    }

    fn arrives_together(&self, task: TaskIndex) -> bool {
        let mut runs = self.workload.runs.iter().filter(|run| run.task == task);
        runs.all(|run| matches!(run.arrivals, Arrivals::Together { .. }))
    }

    /// Whether a body ends without giving the loop back.
    fn never_waits(&self, body: &Body, depth: u32) -> bool {
        depth < DEPTH_MAX
            && body.iter().all(|segment| match &segment.kind {
                SegmentKind::Cpu { .. }
                | SegmentKind::Block { .. }
                | SegmentKind::Print { .. }
                | SegmentKind::Respond
                | SegmentKind::Spawn { .. }
                | SegmentKind::SetEvent { .. }
                | SegmentKind::ClearEvent { .. } => true,
                SegmentKind::Call { task } => {
                    self.never_waits(&self.workload.task(*task).body, depth + 1)
                }
                SegmentKind::Repeat { body, .. } => self.never_waits(body, depth + 1),
                _ => false,
            })
    }

    /// The lock that a body holds from beginning to end.
    fn only_lock(&self, body: &Body) -> Option<ResourceIndex> {
        let [segment] = body.as_slice() else {
            return None;
        };
        let SegmentKind::With { resource, .. } = segment.kind else {
            return None;
        };
        let is_exclusive = matches!(
            self.workload.resource(resource).kind,
            ResourceKind::Lock | ResourceKind::Semaphore { permits: 1 }
        );
        is_exclusive.then_some(resource)
    }
}

fn ends_early(segment: &Segment) -> bool {
    matches!(
        segment.kind,
        SegmentKind::Timeout { .. }
            | SegmentKind::WaitFor { .. }
            | SegmentKind::Cancel { .. }
            | SegmentKind::Fail { .. }
            | SegmentKind::Try { .. }
    )
}

/// Whether a body waits for every task of this kind that it starts: each `spawn f as h` has a
/// handle of its own and a `wait h`.
fn waits_for_all(body: &Body, task: TaskIndex) -> bool {
    let mut handles = Vec::new();
    let mut waited = Vec::new();
    for segment in body {
        // A block may be repeated, and a called task may start others.
        let is_flat = segment.kind.bodies().next().is_none();
        if !is_flat || matches!(segment.kind, SegmentKind::Call { .. }) {
            return false;
        }
        match segment.kind {
            SegmentKind::Spawn { task: of, handle } | SegmentKind::Send { task: of, handle }
                if of == task =>
            {
                let Some(handle) = handle.filter(|handle| !handles.contains(handle)) else {
                    return false;
                };
                handles.push(handle);
            }
            SegmentKind::Wait { handle } => waited.push(handle),
            _ => {}
        }
    }
    // A handle that another task's `spawn` takes over would be a different one.
    let others = body.iter().any(|segment| {
        matches!(segment.kind,
            SegmentKind::Spawn { task: of, handle: Some(handle) }
            | SegmentKind::Send { task: of, handle: Some(handle) }
                if of != task && handles.contains(&handle))
    });
    !handles.is_empty() && !others && handles.iter().all(|handle| waited.contains(handle))
}
