//! The job queue: a broker and workers that take one job at a time (Celery).
//!
//! The sender never waits. A worker reserves up to `prefetch` jobs beyond the
//! one it runs, and gives none back: a job can be stuck behind a long one while
//! another worker idles, as on the real thing. Workers that have room take
//! turns, as clients blocked on the same Redis list do.
//!
//! # What this leaves out
//!
//! - The broker takes no time. A job is with its worker one to ten milliseconds
//!   after it was sent, and who waits for its result asks every few.

use std::collections::{BTreeMap, VecDeque};

use crate::sim::event_loop::Answer;
use crate::sim::kernel::Kernel;
use crate::sim::steps::Flow;
use crate::sim::strand::{Outcome, Raised, WAITING};
use crate::sim::threads::{ThreadId, ThreadJob};
use crate::trace::{InstanceId, LaneId, Role, State};
use crate::workload::{HandleIndex, Machine, TaskIndex};

#[derive(Debug)]
pub(super) struct JobQueue {
    workers: Vec<JobWorker>,
    /// Jobs no worker has room for.
    broker: VecDeque<InstanceId>,
    /// Workers with room, in the order in which they take.
    polling: VecDeque<u32>,
    /// Jobs a worker holds at most, the one it runs included.
    room: usize,
    /// Who waits for a job's result, in which of its turns.
    waiters: BTreeMap<InstanceId, Vec<(InstanceId, u32)>>,
}

#[derive(Debug, Default)]
struct JobWorker {
    thread: Option<ThreadId>,
    /// The first one runs.
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
    pub(super) fn send(
        &mut self,
        slot: usize,
        task: TaskIndex,
        handle: Option<HandleIndex>,
    ) -> Flow {
        let strand = &self.strands[slot];
        let (sender, server) = (strand.id, strand.server);
        let entry = self.program.entries[task.0 as usize];
        let job = self.create(task, Some(sender), Role::Sent, server, entry);
        let segment = self.segment_of(job);
        self.record(job, State::QueuedJob, LaneId::NONE, segment);
        self.jobs.broker.push_back(job);
        self.deliver();
        self.set_handle(slot, handle, job);
        Flow::Next
    }

    /// Workers with room take what the broker has.
    fn deliver(&mut self) {
        while !self.jobs.broker.is_empty()
            && let Some(worker) = self.jobs.polling.pop_front()
        {
            let job = self.jobs.broker.pop_front().expect("just seen");
            let state = &mut self.jobs.workers[worker as usize];
            state.jobs.push_back(job);
            let (held, room) = (state.jobs.len(), self.jobs.room);
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
            None => self.new_thread(ThreadJob::Jobs { worker }),
        };
        self.jobs.workers[worker as usize].thread = Some(thread);
        self.thread(thread).work = Some(job);
        self.wake_later(thread, self.workload.machine.costs.ipc);
    }

    /// A worker has done a job. The next one it reserved, if any.
    pub(super) fn next_job(
        &mut self,
        worker: u32,
        done: InstanceId,
        raised: Option<Raised>,
    ) -> Option<InstanceId> {
        self.tell_waiters(done, raised);
        let room = self.jobs.room;
        let state = &mut self.jobs.workers[worker as usize];
        let was_full = state.jobs.len() == room;
        state.jobs.pop_front();
        let next = state.jobs.front().copied();
        if was_full {
            self.jobs.polling.push_back(worker);
        }
        match next {
            Some(next) => {
                self.deliver();
                Some(next)
            }
            None => self.take_job(worker),
        }
    }

    /// The worker goes on without a pause if the broker has something for it.
    fn take_job(&mut self, worker: u32) -> Option<InstanceId> {
        let job = self.jobs.broker.pop_front()?;
        let state = &mut self.jobs.workers[worker as usize];
        state.jobs.push_back(job);
        if state.jobs.len() == self.jobs.room {
            self.jobs.polling.retain(|&other| other != worker);
        }
        Some(job)
    }

    pub(super) fn wait_for_job(&mut self, slot: usize, job: InstanceId) -> Flow {
        let strand = &self.strands[slot];
        let waiter = (strand.id, strand.turn);
        self.jobs.waiters.entry(job).or_default().push(waiter);
        self.suspend(slot, WAITING, State::WaitingTask);
        Flow::Suspend
    }

    fn tell_waiters(&mut self, job: InstanceId, raised: Option<Raised>) {
        for (owner, turn) in self.jobs.waiters.remove(&job).unwrap_or_default() {
            let server = self.instance(owner).server;
            let answer = Answer {
                thread: None,
                owner,
                turn,
                from: job,
                raised,
            };
            self.answer(server, answer, self.workload.machine.costs.ipc);
        }
    }

    /// `AsyncResult.revoke()`: a job that has not begun never will.
    pub(super) fn revoke(&mut self, job: InstanceId) {
        let Some(slot) = self.slot(job) else { return };
        let mut workers = self.jobs.workers.iter();
        if workers.any(|worker| worker.jobs.front() == Some(&job)) {
            return;
        }
        let segment = self.segment(slot);
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
        self.end(job, Outcome::Cancelled, segment);
        self.tell_waiters(job, Some(Raised::failed(segment)));
        self.deliver();
    }
}
