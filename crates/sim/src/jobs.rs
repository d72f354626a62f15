//! The job queue: a broker, and workers that run one job at a time (Celery).
//!
//! The sender never waits. A worker reserves up to `prefetch` jobs beyond the one it runs
//! and returns none, so a job can be stuck behind a long one while another worker is
//! idle, as in Celery. Workers with room take turns, like clients blocked on the same
//! Redis list. `threads` decides when a worker computes.
//!
//! # What this leaves out
//!
//! - The broker takes no time. A real job reaches its worker one to ten milliseconds after
//!   it was sent, and a real client polls for the result every few milliseconds.

use std::collections::{BTreeMap, VecDeque};

use crate::event_loop::WorkResult;
use crate::frame::{Exception, FrameOutcome, WAITING};
use crate::kernel::Kernel;
use crate::steps::OpResult;
use crate::threads::{ThreadId, ThreadRole};
use model::trace::{InstanceId, LaneId, Role, State};
use model::workload::{HandleIndex, Machine, TaskIndex};

/// The broker and its workers.
#[derive(Debug)]
pub(super) struct JobQueue {
    workers: Vec<JobWorker>,
    /// Jobs that no worker has room for.
    broker: VecDeque<InstanceId>,
    /// Workers with room, in the order in which they take jobs.
    polling: VecDeque<u32>,
    /// How many jobs a worker holds at most, including the one it runs.
    room: usize,
    /// By job: the instances that await its result, with their generations.
    waiters: BTreeMap<InstanceId, Vec<(InstanceId, u32)>>,
}

#[derive(Debug, Default)]
struct JobWorker {
    thread: Option<ThreadId>,
    /// Jobs it has reserved; the first one runs.
    jobs: VecDeque<InstanceId>,
}

impl JobQueue {
    pub(super) fn new(machine: &Machine) -> Self {
        let count = machine.jobs.max(1);
        Self {
            workers: (0..count).map(|_| JobWorker::default()).collect(),
            broker: VecDeque::new(),
            polling: (0..count).collect(),
            room: machine.prefetch as usize + 1,
            waiters: BTreeMap::new(),
        }
    }
}

impl Kernel<'_> {
    pub(super) fn send_job(
        &mut self,
        slot: usize,
        task: TaskIndex,
        handle: Option<HandleIndex>,
    ) -> OpResult {
        let frame = &self.frames[slot];
        let (sender, server) = (frame.id, frame.server);
        let entry = self.program.entries[task.0 as usize];
        let job = self.create_instance(task, Some(sender), Role::Sent, server, entry);
        let segment = self.segment_of(job);
        self.record(job, State::QueuedJob, LaneId::NONE, segment);
        self.jobs.broker.push_back(job);
        self.deliver_jobs();
        self.set_handle(slot, handle, job);
        OpResult::Next
    }

    /// Gives the broker's jobs to workers with room.
    fn deliver_jobs(&mut self) {
        while !self.jobs.broker.is_empty()
            && let Some(worker) = self.jobs.polling.pop_front()
        {
            let job = self.jobs.broker.pop_front().expect("the broker has a job");
            let state = &mut self.jobs.workers[worker as usize];
            state.jobs.push_back(job);
            let (held, room) = (state.jobs.len(), self.jobs.room);
            debug_assert!(held <= room, "a worker takes jobs only while it has room");
            // Behind the other workers with room: they take turns.
            if held < room {
                self.jobs.polling.push_back(worker);
            }
            if held == 1 {
                self.start_job(worker, job);
            }
        }
    }

    fn start_job(&mut self, worker: u32, job: InstanceId) {
        let thread = match self.jobs.workers[worker as usize].thread {
            Some(thread) => thread,
            None => self.new_thread(ThreadRole::JobWorker { worker }),
        };
        self.jobs.workers[worker as usize].thread = Some(thread);
        self.thread(thread).work = Some(job);
        self.wake_thread_after(thread, self.workload.machine.costs.ipc);
    }

    /// Ends a job. Returns the job that the worker runs next, if there is one.
    pub(super) fn next_job(
        &mut self,
        worker: u32,
        done: InstanceId,
        raised: Option<Exception>,
    ) -> Option<InstanceId> {
        self.notify_job_waiters(done, raised);
        let room = self.jobs.room;
        let state = &mut self.jobs.workers[worker as usize];
        // A full worker was not polling; now it has room again.
        let was_full = state.jobs.len() == room;
        state.jobs.pop_front();
        let next = state.jobs.front().copied();
        if was_full {
            self.jobs.polling.push_back(worker);
        }
        match next {
            Some(next) => {
                self.deliver_jobs();
                Some(next)
            }
            None => self.take_job(worker),
        }
    }

    /// Takes a job from the broker for a worker that has none left.
    fn take_job(&mut self, worker: u32) -> Option<InstanceId> {
        let job = self.jobs.broker.pop_front()?;
        let state = &mut self.jobs.workers[worker as usize];
        state.jobs.push_back(job);
        // Without prefetching, one job already makes it full.
        if state.jobs.len() == self.jobs.room {
            self.jobs.polling.retain(|&other| other != worker);
        }
        Some(job)
    }

    pub(super) fn wait_for_job(&mut self, slot: usize, job: InstanceId) -> OpResult {
        let frame = &self.frames[slot];
        let waiter = (frame.id, frame.generation);
        self.jobs.waiters.entry(job).or_default().push(waiter);
        self.suspend_on_future(slot, WAITING, State::WaitingTask);
        OpResult::Suspend
    }

    fn notify_job_waiters(&mut self, job: InstanceId, raised: Option<Exception>) {
        for (owner, generation) in self.jobs.waiters.remove(&job).unwrap_or_default() {
            let server = self.instance(owner).server;
            let answer = WorkResult {
                thread: None,
                owner,
                generation,
                from: job,
                raised,
            };
            self.send_result(server, answer, self.workload.machine.costs.ipc);
        }
    }

    /// `AsyncResult.revoke()`: cancels a job unless it has begun.
    pub(super) fn revoke_job(&mut self, job: InstanceId) {
        let Some(slot) = self.frame_slot(job) else {
            return;
        };
        let mut workers = self.jobs.workers.iter();
        // The first job of a worker runs.
        if workers.any(|worker| worker.jobs.front() == Some(&job)) {
            return;
        }
        let segment = self.current_segment(slot);
        self.jobs.broker.retain(|&queued| queued != job);
        for index in 0..self.jobs.workers.len() {
            let room = self.jobs.room;
            let held = &mut self.jobs.workers[index].jobs;
            let was_full = held.len() == room;
            held.retain(|&reserved| reserved != job);
            if was_full && held.len() < room {
                self.jobs.polling.push_back(index as u32);
            }
        }
        self.end_instance(job, FrameOutcome::Cancelled, segment);
        self.notify_job_waiters(job, Some(Exception::failed(segment)));
        self.deliver_jobs();
    }
}
