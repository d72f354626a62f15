//! The scarce resources that each instance holds, derived from a trace.
//!
//! Lanes say which instance holds a loop, a GIL, a core or a worker. A free token or permit is
//! taken without a record, so its holder is recognised by its position: the instance waits for
//! its work in the pool, or it is inside the block of a `with`. The workload of a Python program has
//! no such positions; there the lanes show the holders of tokens, and permits have none.
//!
//! # What this leaves out
//!
//! - A permit from `acquire` counts as held until a `release` in the same body, or to the end
//!   of that body.
//! - A task that is called inside a `with` counts as inside it even when it is called from
//!   elsewhere.

use std::collections::BTreeSet;

use super::scarce::Scarce;
use model::trace::{Instance, InstanceId, LaneId, LaneKind, Role, State, Trace};
use model::workload::{Body, Executor, Gil, SegmentId, SegmentKind, TaskIndex, Workload};

/// One scarce resource, e.g. one semaphore, or the loop of one server: a node of the graph of waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ScarceNode(pub(super) u32);

/// Permits that are nested deeper than this are ignored.
const PERMITS_MAX: usize = 8;

/// Assigns a number to each scarce resource: permits first, cores last, in the order of
/// [`Scarce`].
#[derive(Debug)]
pub(super) struct ScarceMap<'a> {
    trace: &'a Trace,
    permit_count: u32,
    server_count: u32,
    has_gil: bool,
    /// For each segment, the permits that an instance at this segment holds.
    permits_at: Vec<Vec<u32>>,
    /// For each segment, the permit that it waits for.
    awaited_permit_at: Vec<Option<u32>>,
    /// Segments that hand work to the AnyIO pool.
    to_pool: Vec<bool>,
    /// The workload does not say which tasks hand work to the pool, as for a Python program. Then a
    /// token is held while a thread of the pool works.
    tokens_by_lane: bool,
}

impl<'a> ScarceMap<'a> {
    pub(super) fn new(workload: &Workload, trace: &'a Trace) -> Self {
        let servers = trace.instances.iter().map(|instance| instance.server);
        let lanes = trace.lanes.iter().map(|lane| lane.server);
        let count = workload.places.len();
        let mut map = Self {
            trace,
            permit_count: workload.resources.len() as u32,
            server_count: u32::from(servers.chain(lanes).max().unwrap_or(0)) + 1,
            has_gil: workload.machine.gil == Gil::On,
            permits_at: vec![Vec::new(); count],
            awaited_permit_at: vec![None; count],
            to_pool: vec![false; count],
            tokens_by_lane: false,
        };
        let mut seen = BTreeSet::new();
        for task in 0..workload.tasks.len() {
            map.visit_task(workload, TaskIndex(task as u32), &[], &mut seen);
        }
        let handles = |instance: &Instance| instance.role == Role::Handler;
        let hands_over = map.to_pool.contains(&true);
        map.tokens_by_lane = !hands_over && !trace.instances.iter().any(handles);
        map
    }

    /// Finds the permits that instances hold at the segments of the task and of the tasks that it
    /// calls.
    fn visit_task(
        &mut self,
        workload: &Workload,
        task: TaskIndex,
        held: &[u32],
        seen: &mut BTreeSet<(TaskIndex, Vec<u32>)>,
    ) {
        // Calls may be recursive, and a task may be called with many combinations of permits,
        // so both the pairs already seen and their number end the search.
        let mut open = vec![(task, held.to_vec())];
        while let Some((task, held)) = open.pop() {
            if seen.len() < 4 * workload.tasks.len() + 64 && seen.insert((task, held.clone())) {
                self.visit_body(&workload.task(task).body, held, &mut open);
            }
        }
    }

    fn visit_body(
        &mut self,
        body: &Body,
        mut held: Vec<u32>,
        calls: &mut Vec<(TaskIndex, Vec<u32>)>,
    ) {
        for segment in body {
            let index = segment.id.0 as usize;
            let mut inner = held.clone();
            match &segment.kind {
                SegmentKind::With { resource, .. } => {
                    self.awaited_permit_at[index] = Some(resource.0);
                    inner.push(resource.0);
                }
                SegmentKind::Acquire { resource } => {
                    self.awaited_permit_at[index] = Some(resource.0);
                    // An instance at an `acquire` holds the earlier permits, but not this one yet.
                    self.add_permits(index, &held);
                    held.push(resource.0);
                }
                SegmentKind::Release { resource } => {
                    // The last one, because a semaphore can be acquired several times.
                    if let Some(last) = held.iter().rposition(|other| *other == resource.0) {
                        held.remove(last);
                    }
                }
                SegmentKind::WaitCondition { condition } => {
                    self.awaited_permit_at[index] = Some(condition.0);
                }
                SegmentKind::Offload { to, .. } => self.to_pool[index] = *to == Executor::Pool,
                SegmentKind::Call { task } if !held.is_empty() => calls.push((*task, held.clone())),
                _ => {}
            }
            if !matches!(segment.kind, SegmentKind::Acquire { .. }) {
                self.add_permits(index, &held);
            }
            inner.truncate(PERMITS_MAX);
            for body in segment.kind.bodies() {
                self.visit_body(body, inner.clone(), calls);
            }
        }
    }

    fn add_permits(&mut self, segment: usize, held: &[u32]) {
        for permit in held {
            if !self.permits_at[segment].contains(permit) {
                self.permits_at[segment].push(*permit);
            }
        }
    }

    pub(super) fn len(&self) -> usize {
        self.core().0 as usize + 1
    }

    fn permit(&self, resource: u32) -> ScarceNode {
        ScarceNode(resource)
    }

    fn token(&self, server: u16) -> ScarceNode {
        ScarceNode(self.permit_count + u32::from(server))
    }

    fn executor(&self, server: u16) -> ScarceNode {
        ScarceNode(self.permit_count + self.server_count + u32::from(server))
    }

    fn process(&self) -> ScarceNode {
        ScarceNode(self.permit_count + 2 * self.server_count)
    }

    fn job(&self) -> ScarceNode {
        ScarceNode(self.process().0 + 1)
    }

    pub(super) fn loop_of(&self, server: u16) -> ScarceNode {
        ScarceNode(self.job().0 + 1 + u32::from(server))
    }

    fn gil(&self, server: u16) -> ScarceNode {
        ScarceNode(self.loop_of(0).0 + self.server_count + u32::from(server))
    }

    fn core(&self) -> ScarceNode {
        ScarceNode(self.gil(0).0 + self.server_count)
    }

    pub(super) fn kind(&self, node: ScarceNode) -> Scarce {
        match node {
            _ if node < self.token(0) => Scarce::Permit,
            _ if node < self.executor(0) => Scarce::Token,
            _ if node < self.process() => Scarce::Executor,
            _ if node < self.job() => Scarce::Process,
            _ if node < self.loop_of(0) => Scarce::Job,
            _ if node < self.gil(0) => Scarce::Loop,
            _ if node < self.core() => Scarce::Gil,
            _ => Scarce::Core,
        }
    }

    /// The resource that must be free before this one can be handed out, e.g. the loop for a
    /// token. It is charged where the trace shows no holder.
    pub(super) fn behind(&self, node: ScarceNode) -> Option<ScarceNode> {
        match self.kind(node) {
            Scarce::Permit => Some(self.loop_of(0)),
            Scarce::Token => Some(self.loop_of((node.0 - self.token(0).0) as u16)),
            Scarce::Executor => Some(self.loop_of((node.0 - self.executor(0).0) as u16)),
            // A loop that no task holds waits for the GIL of its process.
            Scarce::Loop if self.has_gil => Some(self.gil((node.0 - self.loop_of(0).0) as u16)),
            Scarce::Loop | Scarce::Process | Scarce::Job | Scarce::Gil => Some(self.core()),
            Scarce::Core => None,
        }
    }

    /// The resource that an instance in this state waits for.
    pub(super) fn awaited(&self, at: InstanceMoment) -> Option<ScarceNode> {
        let server = self.trace.instance(at.instance).server;
        Some(match Scarce::awaited_in(at.state)? {
            Scarce::Permit => self.permit((*self.awaited_permit_at.get(at.segment.0 as usize)?)?),
            Scarce::Token => self.token(server),
            Scarce::Executor => self.executor(server),
            Scarce::Process => self.process(),
            Scarce::Job => self.job(),
            Scarce::Loop => self.loop_of(server),
            Scarce::Gil => self.gil(server),
            Scarce::Core => self.core(),
        })
    }

    /// Adds the resources that an instance holds to `found`.
    pub(super) fn held(&self, at: InstanceMoment, found: &mut Vec<ScarceNode>) {
        if let Some(lane) = self.trace.lane(at.lane)
            && at.state.holds_lane()
        {
            let threads_of_server = match lane.kind {
                LaneKind::Loop => {
                    found.push(self.loop_of(lane.server));
                    true
                }
                LaneKind::PoolThread => {
                    if self.tokens_by_lane {
                        found.push(self.token(lane.server));
                    }
                    true
                }
                LaneKind::ExecutorThread => {
                    found.push(self.executor(lane.server));
                    true
                }
                LaneKind::ProcessWorker => {
                    found.push(self.process());
                    false
                }
                LaneKind::JobWorker => {
                    found.push(self.job());
                    false
                }
            };
            let computes = at.state == State::Running;
            // A thread keeps the GIL while it waits for a core.
            if threads_of_server && self.has_gil && (computes || at.state == State::QueuedCore) {
                found.push(self.gil(lane.server));
            }
            if computes {
                found.push(self.core());
            }
        }
        if self.has_token(at) {
            found.push(self.token(self.trace.instance(at.instance).server));
        }
        self.held_permits(at, found);
    }

    fn has_token(&self, at: InstanceMoment) -> bool {
        let handler = self.trace.instance(at.instance).role == Role::Handler;
        let to_pool = self.to_pool.get(at.segment.0 as usize).copied();
        // A handler has its token for the whole body, another task only for an offload.
        if !handler && to_pool != Some(true) {
            return false;
        }
        match at.state {
            State::Offloaded => true,
            // It was handed a token, it has not resumed since its work ended, or it is at
            // AnyIO's checkpoint between token and work.
            State::Ready => {
                matches!(at.before, Some(State::QueuedToken | State::Offloaded))
                    || (at.before == Some(State::Ready) && at.same_segment)
            }
            _ => false,
        }
    }

    fn held_permits(&self, at: InstanceMoment, found: &mut Vec<ScarceNode>) {
        let index = at.segment.0 as usize;
        let Some(permits) = self.permits_at.get(index) else {
            return;
        };
        let awaited = self.awaited_permit_at[index];
        // A waiter does not hold the permit yet; `wait c` releases the condition's lock.
        let without = match at.state {
            State::WaitingPermit | State::BlockedPermit | State::WaitingNotify => awaited,
            State::Ready if at.before == Some(State::WaitingNotify) => awaited,
            _ => None,
        };
        let permits = permits.iter().filter(|permit| Some(**permit) != without);
        found.extend(permits.map(|permit| self.permit(*permit)));
        // A woken waiter is next in line, so it counts as the holder.
        if let (State::Ready, Some(State::WaitingPermit), Some(permit)) =
            (at.state, at.before, awaited)
            && !found.contains(&self.permit(permit))
        {
            found.push(self.permit(permit));
        }
    }
}

/// The state of an instance and the one before, as far as holding depends on them.
#[derive(Clone, Copy, Debug)]
pub(super) struct InstanceMoment {
    pub(super) instance: InstanceId,
    pub(super) state: State,
    pub(super) lane: LaneId,
    pub(super) segment: SegmentId,
    pub(super) before: Option<State>,
    pub(super) same_segment: bool,
}
