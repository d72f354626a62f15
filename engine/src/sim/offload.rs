//! Work that runs elsewhere: AnyIO's pool, the loop's own executor, processes.
//!
//! The pool follows `anyio/_backends/_asyncio.py`: a checkpoint before a token
//! is asked for, tokens handed over *on the loop*, the most recently idle
//! thread first. The others follow `concurrent.futures`: a plain queue, only
//! the answer passes through the loop. Which thread computes when is decided
//! in `threads`.
//!
//! # What this leaves out
//!
//! - AnyIO ends threads that were idle for ten seconds; ours stay, idle.
//! - Starting a thread or a process takes no time, unless the machine's costs say so; work
//!   that a busy worker takes next costs nothing either way.
//!   In reality a process takes tens of milliseconds, the first time it is asked for.
//! - Server processes share one process pool; real ones have one each.

use std::collections::{BTreeSet, VecDeque};

use crate::sim::event_loop::Answer;
use crate::sim::kernel::Kernel;
use crate::sim::program::OffloadedWork;
use crate::sim::steps::Flow;
use crate::sim::strand::{FRESH, FutureState, Outcome, Raised, Wait};
use crate::sim::threads::{ThreadId, ThreadJob};
use crate::time::SimDuration;
use crate::trace::{InstanceId, LaneId, Role, State};
use crate::workload::Executor;

/// AnyIO's worker threads and their `CapacityLimiter`.
#[derive(Debug)]
pub(super) struct ThreadLimiter {
    tokens: usize,
    pub(super) borrowers: BTreeSet<InstanceId>,
    waiters: VecDeque<InstanceId>,
    /// The most recently idle last.
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

/// Threads or processes that take work from one queue.
#[derive(Debug, Default)]
pub(super) struct Workers {
    queue: VecDeque<InstanceId>,
    /// The longest idle first.
    idle: VecDeque<ThreadId>,
    started: usize,
}

/// The loop's own `ThreadPoolExecutor`.
pub(super) type OwnExecutor = Workers;
/// The `ProcessPoolExecutor`.
pub(super) type ProcessPool = Workers;

// Phases of an op that uses the pool.
const CHECKPOINT: u8 = 1;
const QUEUED: u8 = 2;
const TOKEN_CHECKPOINT: u8 = 3;
const AT_WORK: u8 = 4;

impl Kernel<'_> {
    pub(super) fn offload(
        &mut self,
        slot: usize,
        to: Executor,
        work: OffloadedWork,
        raised: Option<Raised>,
    ) -> Flow {
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
        raised: Option<Raised>,
    ) -> Flow {
        let id = self.strands[slot].id;
        let server = self.strands[slot].server as usize;
        match (self.strands[slot].phase, raised) {
            (FRESH, _) => {
                self.yield_into(slot, CHECKPOINT);
                Flow::Suspend
            }
            (CHECKPOINT, None) => self.ask_for_token(slot),
            (QUEUED, Some(raised)) => {
                let limiter = &mut self.limiters[server];
                limiter.waiters.retain(|&waiter| waiter != id);
                self.return_token(id, server);
                Flow::Raise(raised)
            }
            (QUEUED | TOKEN_CHECKPOINT, None) => {
                self.start_on_pool_thread(slot, work);
                Flow::Suspend
            }
            (TOKEN_CHECKPOINT | AT_WORK, raised) => {
                self.return_token(id, server);
                raised.map_or(Flow::Next, Flow::Raise)
            }
            (_, Some(raised)) => Flow::Raise(raised),
            (phase, None) => unreachable!("the pool has no phase {phase}"),
        }
    }

    fn ask_for_token(&mut self, slot: usize) -> Flow {
        let strand = &self.strands[slot];
        let (id, server) = (strand.id, strand.server as usize);
        let limiter = &mut self.limiters[server];
        if limiter.waiters.is_empty() && limiter.borrowers.len() < limiter.tokens {
            limiter.borrowers.insert(id);
            self.yield_into(slot, TOKEN_CHECKPOINT);
        } else {
            limiter.waiters.push_back(id);
            self.suspend(slot, QUEUED, State::QueuedToken);
        }
        Flow::Suspend
    }

    /// Gives a token back, if it has one, and hands it to the next in line.
    fn return_token(&mut self, id: InstanceId, server: usize) {
        let limiter = &mut self.limiters[server];
        if limiter.borrowers.remove(&id)
            && let Some(next) = limiter.waiters.pop_front()
        {
            limiter.borrowers.insert(next);
            self.resolve(next, None);
        }
    }

    fn start_on_pool_thread(&mut self, slot: usize, work: OffloadedWork) {
        let server = self.strands[slot].server;
        let costs = self.workload.machine.costs;
        let (thread, delay) = match self.limiters[server as usize].idle.pop() {
            Some(thread) => (thread, costs.hand_over),
            None => (
                self.new_thread(ThreadJob::Pool { server }),
                costs.thread_start,
            ),
        };
        self.suspend(slot, AT_WORK, State::Offloaded);
        let child = self.create_work(slot, work);
        self.thread(thread).work = Some(child);
        self.wake_later(thread, delay);
    }

    fn create_work(&mut self, slot: usize, work: OffloadedWork) -> InstanceId {
        let strand = &self.strands[slot];
        let (owner, turn, server) = (strand.id, strand.turn, strand.server);
        let (task, role, pc) = match work {
            OffloadedWork::Task(task) => {
                (task, Role::Offloaded, self.program.entries[task.0 as usize])
            }
            OffloadedWork::Part(pc) => (self.instance(owner).task, Role::Part, pc),
        };
        let id = self.create(task, Some(owner), role, server, pc);
        self.strands[slot].parts += 1;
        let part = self.strands[slot].parts;
        let strand = self.strand(id);
        strand.owner = Some((owner, turn));
        strand.part = part;
        id
    }

    // Executors

    fn offload_to_workers(
        &mut self,
        slot: usize,
        to: Executor,
        work: OffloadedWork,
        raised: Option<Raised>,
    ) -> Flow {
        if self.strands[slot].phase == AT_WORK {
            return raised.map_or(Flow::Next, Flow::Raise);
        }
        let server = self.strands[slot].server;
        let child = self.create_work(slot, work);
        self.suspend(slot, AT_WORK, State::Offloaded);
        let (size, job, queued) = match to {
            Executor::Process => (
                self.workload.machine.process_workers(),
                ThreadJob::Process,
                State::QueuedProcess,
            ),
            _ => {
                let size = self.workload.machine.executor_threads();
                (size, ThreadJob::Own { server }, State::QueuedExecutor)
            }
        };
        let (idle, new) = self.delays(to);
        let workers = self.workers(job);
        let (thread, delay) = match workers.idle.pop_front() {
            Some(thread) => (thread, idle),
            None if workers.started < size.max(1) as usize => {
                workers.started += 1;
                (self.new_thread(job), new)
            }
            None => {
                workers.queue.push_back(child);
                let segment = self.segment_of(child);
                self.record(child, queued, LaneId::NONE, segment);
                return Flow::Suspend;
            }
        };
        self.thread(thread).work = Some(child);
        self.wake_later(thread, delay);
        Flow::Suspend
    }

    /// Until a worker has its work: an idle one, and one that must be started.
    fn delays(&self, to: Executor) -> (SimDuration, SimDuration) {
        let costs = &self.workload.machine.costs;
        match to {
            Executor::Process => (costs.ipc, costs.process_start + costs.ipc),
            Executor::Pool | Executor::Own => (costs.hand_over, costs.thread_start),
        }
    }

    /// The workers that threads of this kind belong to.
    fn workers(&mut self, job: ThreadJob) -> &mut Workers {
        match job {
            ThreadJob::Own { server } => &mut self.own_executors[server as usize],
            _ => &mut self.processes,
        }
    }

    pub(super) fn own_executor_is_busy(&self, server: u16) -> bool {
        let workers = &self.own_executors[server as usize];
        workers.idle.len() < workers.started
    }

    /// The wait of `owner` for an executor was cancelled: its work is dropped
    /// unless it has begun.
    pub(super) fn drop_work(&mut self, owner: InstanceId) {
        // `concurrent.futures` hands one item more than there are workers to
        // the processes' own queue, where it cannot be cancelled any more.
        let handed_over = self.workload.machine.process_workers() as usize + 1;
        let Some(server) = self.slot(owner).map(|slot| self.strands[slot].server) else {
            return;
        };
        let belongs = |kernel: &Self, work: InstanceId| {
            kernel.slot(work).is_some_and(|slot| {
                kernel.strands[slot]
                    .owner
                    .is_some_and(|(of, _)| of == owner)
            })
        };
        for (job, fixed) in [
            (ThreadJob::Own { server }, 0),
            (ThreadJob::Process, handed_over),
        ] {
            let queue = std::mem::take(&mut self.workers(job).queue);
            let place = queue
                .iter()
                .skip(fixed)
                .position(|&work| belongs(self, work));
            self.workers(job).queue = queue;
            if let Some(place) = place
                && let Some(work) = self.workers(job).queue.remove(fixed + place)
            {
                let segment = self.segment_of(work);
                self.end(work, Outcome::Cancelled, segment);
            }
        }
    }

    // Ends

    /// AnyIO's thread looks once more before it begins; an executor's does not.
    pub(super) fn is_unwanted(&mut self, slot: usize, job: ThreadJob) -> bool {
        if std::mem::replace(&mut self.strands[slot].begun, true) {
            return false;
        }
        let owner = self.strands[slot].owner;
        let (Some((owner, turn)), ThreadJob::Pool { .. }) = (owner, job) else {
            return false;
        };
        !self.slot(owner).is_some_and(|slot| {
            let strand = &self.strands[slot];
            strand.turn == turn && strand.wait == Wait::Future(FutureState::Pending)
        })
    }

    /// A thread has done its work: it answers, and looks for more.
    pub(super) fn work_ended(&mut self, thread: ThreadId, id: InstanceId, outcome: Outcome) {
        let owner = self.strand(id).owner;
        let segment = match outcome {
            Outcome::Failed(raised) => raised.segment,
            _ => self.segment_of(id),
        };
        self.end(id, outcome, segment);
        let job = self.thread(thread).job;
        let raised = match outcome {
            Outcome::Failed(raised) => Some(raised),
            Outcome::Done | Outcome::Cancelled => None,
        };
        if let Some((owner, turn)) = owner {
            let server = self.instance(owner).server;
            let idle = matches!(job, ThreadJob::Pool { .. }).then_some(thread);
            let costs = &self.workload.machine.costs;
            let delay = match job {
                ThreadJob::Process | ThreadJob::Jobs { .. } => costs.ipc,
                _ => costs.hand_over,
            };
            let answer = Answer {
                thread: idle,
                owner,
                turn,
                from: id,
                raised,
            };
            self.answer(server, answer, delay);
        }
        let next = match job {
            ThreadJob::Loop { .. } | ThreadJob::Pool { .. } => None,
            ThreadJob::Own { .. } | ThreadJob::Process => self.next_work(thread, job),
            ThreadJob::Jobs { worker } => self.next_job(worker, id, raised),
        };
        self.thread(thread).work = next;
    }

    fn next_work(&mut self, thread: ThreadId, job: ThreadJob) -> Option<InstanceId> {
        let workers = self.workers(job);
        let next = workers.queue.pop_front();
        if next.is_none() {
            workers.idle.push_back(thread);
            if let ThreadJob::Own { server } = job
                && !self.own_executor_is_busy(server)
            {
                self.own_executor_is_idle(server);
            }
        }
        next
    }
}
