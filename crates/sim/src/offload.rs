//! Offloaded work: AnyIO's pool, the loop's default executor and the process pool.
//!
//! The pool follows `anyio/_backends/_asyncio.py`: a checkpoint before a token is
//! acquired, tokens handed over *on the loop*, the most recently idle thread first. The
//! executors follow `concurrent.futures`: workers take from a plain queue, and only the
//! result passes through the loop. `threads` decides when a thread computes.
//!
//! # What this leaves out
//!
//! - AnyIO ends threads that were idle for ten seconds; ours stay.
//! - Starting a thread or a process takes no time, unless the machine's costs say so. A
//!   real process takes tens of milliseconds when it is first needed. Work that a busy
//!   worker takes next costs nothing in either case.
//! - Server processes share one process pool; real ones have one each.

use std::collections::{BTreeSet, VecDeque};

use crate::event_loop::WorkResult;
use crate::frame::{Exception, FRESH, FrameOutcome, FutureState, Wait};
use crate::kernel::Kernel;
use crate::program::OffloadedWork;
use crate::steps::OpResult;
use crate::threads::{ThreadId, ThreadRole};
use model::time::SimDuration;
use model::trace::{InstanceId, LaneId, Role, State};
use model::workload::Executor;

/// AnyIO's worker threads and their `CapacityLimiter`.
#[derive(Debug)]
pub(super) struct ThreadLimiter {
    tokens: usize,
    pub(super) borrowers: BTreeSet<InstanceId>,
    waiters: VecDeque<InstanceId>,
    /// Idle threads, the most recent last.
    pub(super) idle: Vec<ThreadId>,
}

impl ThreadLimiter {
    pub(super) fn new(tokens: u32) -> Self {
        let tokens = tokens.max(1) as usize;
        Self {
            tokens,
            borrowers: BTreeSet::new(),
            waiters: VecDeque::new(),
            idle: Vec::new(),
        }
    }
}

/// The workers of an executor and their queue.
#[derive(Debug, Default)]
pub(super) struct WorkerQueue {
    queue: VecDeque<InstanceId>,
    /// Idle workers, the longest idle first.
    idle: VecDeque<ThreadId>,
    started: usize,
}

/// The loop's own `ThreadPoolExecutor`.
pub(super) type DefaultExecutor = WorkerQueue;
/// The `ProcessPoolExecutor`.
pub(super) type ProcessPool = WorkerQueue;

// Phases of an `Op::Offload`: a checkpoint before the token, the queue for one, a
// checkpoint with it, the work. Executors use the last one only.
const CHECKPOINT: u8 = 1;
const QUEUED: u8 = 2;
const TOKEN_CHECKPOINT: u8 = 3;
const AT_WORK: u8 = 4;

impl Kernel<'_> {
    pub(super) fn offload_work(
        &mut self,
        slot: usize,
        to: Executor,
        work: OffloadedWork,
        raised: Option<Exception>,
    ) -> OpResult {
        match to {
            Executor::Pool => self.offload_to_pool(slot, work, raised),
            Executor::Own | Executor::Process => self.offload_to_workers(slot, to, work, raised),
        }
    }

    // The pool

    fn offload_to_pool(
        &mut self,
        slot: usize,
        work: OffloadedWork,
        raised: Option<Exception>,
    ) -> OpResult {
        let id = self.frames[slot].id;
        let server = self.frames[slot].server as usize;
        match (self.frames[slot].phase, raised) {
            (FRESH, _) => {
                self.yield_into(slot, CHECKPOINT);
                OpResult::Suspend
            }
            (CHECKPOINT, None) => self.ask_for_token(slot),
            // Cancelled in line, perhaps after it was given a token.
            (QUEUED, Some(raised)) => {
                let limiter = &mut self.limiters[server];
                limiter.waiters.retain(|&waiter| waiter != id);
                self.return_token(id, server);
                OpResult::Raise(raised)
            }
            // Has a token.
            (QUEUED | TOKEN_CHECKPOINT, None) => {
                self.start_on_pool_thread(slot, work);
                OpResult::Suspend
            }
            // The work has ended, or the wait was cancelled: the token is returned on the loop.
            (TOKEN_CHECKPOINT | AT_WORK, raised) => {
                self.return_token(id, server);
                raised.map_or(OpResult::Next, OpResult::Raise)
            }
            (_, Some(raised)) => OpResult::Raise(raised),
            (phase, None) => unreachable!("the pool has no phase {phase}"),
        }
    }

    fn ask_for_token(&mut self, slot: usize) -> OpResult {
        let frame = &self.frames[slot];
        let (id, server) = (frame.id, frame.server as usize);
        let limiter = &mut self.limiters[server];
        if limiter.waiters.is_empty() && limiter.borrowers.len() < limiter.tokens {
            limiter.borrowers.insert(id);
            self.yield_into(slot, TOKEN_CHECKPOINT);
        } else {
            limiter.waiters.push_back(id);
            self.suspend_on_future(slot, QUEUED, State::QueuedToken);
        }
        OpResult::Suspend
    }

    /// Returns the token of a task, if it has one, and hands it to the next waiter.
    fn return_token(&mut self, id: InstanceId, server: usize) {
        let limiter = &mut self.limiters[server];
        if limiter.borrowers.remove(&id)
            && let Some(next) = limiter.waiters.pop_front()
        {
            limiter.borrowers.insert(next);
            self.resolve_future(next, None);
        }
    }

    fn start_on_pool_thread(&mut self, slot: usize, work: OffloadedWork) {
        let server = self.frames[slot].server;
        let costs = self.workload.machine.costs;
        let (thread, delay) = match self.limiters[server as usize].idle.pop() {
            Some(thread) => (thread, costs.hand_over),
            None => (
                self.new_thread(ThreadRole::Pool { server }),
                costs.thread_start,
            ),
        };
        self.suspend_on_future(slot, AT_WORK, State::Offloaded);
        let child = self.create_work(slot, work);
        debug_assert_eq!(self.thread(thread).work, None, "a thread has one work item");
        self.thread(thread).work = Some(child);
        self.wake_thread_after(thread, delay);
    }

    fn create_work(&mut self, slot: usize, work: OffloadedWork) -> InstanceId {
        let frame = &self.frames[slot];
        let (owner, generation, server) = (frame.id, frame.generation, frame.server);
        let (task, role, pc) = match work {
            OffloadedWork::Task(task) => {
                (task, Role::Offloaded, self.program.entries[task.0 as usize])
            }
            OffloadedWork::Part(pc) => (self.instance(owner).task, Role::Part, pc),
        };
        let id = self.create_instance(task, Some(owner), role, server, pc);
        self.frames[slot].part_count += 1;
        let part = self.frames[slot].part_count;
        let frame = self.frame(id);
        frame.owner = Some((owner, generation));
        frame.part_index = part;
        id
    }

    // Executors

    fn offload_to_workers(
        &mut self,
        slot: usize,
        to: Executor,
        work: OffloadedWork,
        raised: Option<Exception>,
    ) -> OpResult {
        if self.frames[slot].phase == AT_WORK {
            return raised.map_or(OpResult::Next, OpResult::Raise);
        }
        let server = self.frames[slot].server;
        let child = self.create_work(slot, work);
        self.suspend_on_future(slot, AT_WORK, State::Offloaded);
        let (size, role, queued) = match to {
            Executor::Process => (
                self.workload.machine.process_workers(),
                ThreadRole::Process,
                State::QueuedProcess,
            ),
            _ => {
                let size = self.workload.machine.executor_threads();
                (size, ThreadRole::Executor { server }, State::QueuedExecutor)
            }
        };
        let (idle, new) = self.start_delays(to);
        let workers = self.workers_of(role);
        let (thread, delay) = match workers.idle.pop_front() {
            Some(thread) => (thread, idle),
            None if workers.started < size.max(1) as usize => {
                workers.started += 1;
                (self.new_thread(role), new)
            }
            None => {
                workers.queue.push_back(child);
                let segment = self.segment_of(child);
                self.record(child, queued, LaneId::NONE, segment);
                return OpResult::Suspend;
            }
        };
        self.thread(thread).work = Some(child);
        self.wake_thread_after(thread, delay);
        OpResult::Suspend
    }

    /// The time until a worker has its work: if it is idle, and if it must be started.
    fn start_delays(&self, to: Executor) -> (SimDuration, SimDuration) {
        let costs = &self.workload.machine.costs;
        match to {
            Executor::Process => (costs.ipc, costs.process_start + costs.ipc),
            Executor::Pool | Executor::Own => (costs.hand_over, costs.thread_start),
        }
    }

    /// The worker queue that threads of this role take from.
    fn workers_of(&mut self, role: ThreadRole) -> &mut WorkerQueue {
        match role {
            ThreadRole::Executor { server } => &mut self.default_executors[server as usize],
            _ => &mut self.processes,
        }
    }

    pub(super) fn default_executor_is_busy(&self, server: u16) -> bool {
        let workers = &self.default_executors[server as usize];
        workers.idle.len() < workers.started
    }

    /// Drops the work of `owner`, whose wait for an executor was cancelled, unless the work
    /// has begun.
    pub(super) fn drop_work(&mut self, owner: InstanceId) {
        // `concurrent.futures` moves one item more than there are workers to the queue of
        // the processes, where an item can no longer be cancelled.
        let handed_over = self.workload.machine.process_workers() as usize + 1;
        let Some(server) = self.frame_slot(owner).map(|slot| self.frames[slot].server) else {
            return;
        };
        let belongs = |kernel: &Self, work: InstanceId| {
            kernel
                .frame_slot(work)
                .is_some_and(|slot| kernel.frames[slot].owner.is_some_and(|(of, _)| of == owner))
        };
        for (role, fixed) in [
            (ThreadRole::Executor { server }, 0),
            (ThreadRole::Process, handed_over),
        ] {
            // Taken out for the search, which needs the kernel.
            let queue = std::mem::take(&mut self.workers_of(role).queue);
            let place = queue
                .iter()
                .skip(fixed)
                .position(|&work| belongs(self, work));
            self.workers_of(role).queue = queue;
            if let Some(place) = place
                && let Some(work) = self.workers_of(role).queue.remove(fixed + place)
            {
                let segment = self.segment_of(work);
                self.end_instance(work, FrameOutcome::Cancelled, segment);
            }
        }
    }

    // The end of work

    /// Whether the work of a pool thread is no longer awaited when it begins. Only AnyIO's
    /// threads check that; an executor's do not.
    pub(super) fn is_abandoned(&mut self, slot: usize, role: ThreadRole) -> bool {
        if std::mem::replace(&mut self.frames[slot].has_begun, true) {
            return false;
        }
        let owner = self.frames[slot].owner;
        let (Some((owner, generation)), ThreadRole::Pool { .. }) = (owner, role) else {
            return false;
        };
        !self.frame_slot(owner).is_some_and(|slot| {
            let frame = &self.frames[slot];
            frame.generation == generation && frame.wait == Wait::Future(FutureState::Pending)
        })
    }

    /// Ends the work of a thread, sends its result, and takes the next work if there is any.
    pub(super) fn work_ended(&mut self, thread: ThreadId, id: InstanceId, outcome: FrameOutcome) {
        let owner = self.frame(id).owner;
        let segment = match outcome {
            FrameOutcome::Failed(raised) => raised.segment,
            _ => self.segment_of(id),
        };
        self.end_instance(id, outcome, segment);
        let role = self.thread(thread).role;
        let raised = match outcome {
            FrameOutcome::Failed(raised) => Some(raised),
            FrameOutcome::Done | FrameOutcome::Cancelled => None,
        };
        if let Some((owner, generation)) = owner {
            let server = self.instance(owner).server;
            // An AnyIO thread is idle again only when the loop has handled its result.
            let idle = matches!(role, ThreadRole::Pool { .. }).then_some(thread);
            let costs = &self.workload.machine.costs;
            let delay = match role {
                ThreadRole::Process | ThreadRole::JobWorker { .. } => costs.ipc,
                _ => costs.hand_over,
            };
            let answer = WorkResult {
                thread: idle,
                owner,
                generation,
                from: id,
                raised,
            };
            self.send_result(server, answer, delay);
        }
        let next = match role {
            ThreadRole::Loop { .. } | ThreadRole::Pool { .. } => None,
            ThreadRole::Executor { .. } | ThreadRole::Process => self.next_work(thread, role),
            ThreadRole::JobWorker { worker } => self.next_job(worker, id, raised),
        };
        self.thread(thread).work = next;
    }

    fn next_work(&mut self, thread: ThreadId, role: ThreadRole) -> Option<InstanceId> {
        let workers = self.workers_of(role);
        let next = workers.queue.pop_front();
        if next.is_none() {
            workers.idle.push_back(thread);
            if let ThreadRole::Executor { server } = role
                && !self.default_executor_is_busy(server)
            {
                self.default_executor_is_idle(server);
            }
        }
        next
    }
}
