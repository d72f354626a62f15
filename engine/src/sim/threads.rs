//! Operating-system threads: who has a core, who has the GIL, who burns time.
//!
//! Knows nothing of what a thread computes. A thread that wants to go on takes
//! the GIL of its process first, then a core; the kernel then lets it go on.
//!
//! # What this leaves out
//!
//! - Waking up takes no time. A real waiter that misses the holder's brief
//!   release (a `select` that returns at once) stays behind; so does ours, as
//!   only a wait that really waits releases the GIL.
//! - GIL waiters are served first come, first served. The real order is the
//!   operating system's and only roughly fair for many threads; totals agree,
//!   who finishes first among equals may not: of eight equal computations some
//!   end a fifth earlier than others.
//! - A holder without a core cannot be asked to drop the GIL; its switch
//!   interval counts from when it got the core.

use std::collections::VecDeque;

use crate::sim::kernel::{Event, Kernel};
use crate::time::{SimDuration, SimTime};
use crate::trace::{InstanceId, Lane, LaneId, LaneKind, Limit, State};
use crate::workload::{self, Machine, SegmentId};

/// An index into the kernel's threads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ThreadId(pub(super) u32);

/// How long a thread keeps a core that others wait for. Linux gives about this
/// much (`base_slice_ns` on few cores); only the interleaving depends on it.
const CORE_SLICE: SimDuration = SimDuration::from_millis(3);

/// A stretch of turn-taking under the GIL is told in at least this many rounds:
/// finer than a chart can show, coarse enough to be cheap.
const ROUNDS_KEPT: u64 = 2_000;

#[derive(Debug)]
pub(super) struct Thread {
    pub(super) lane: LaneId,
    pub(super) job: ThreadJob,
    /// Whose GIL it needs; workers of other processes need none of ours.
    gil: Option<u16>,
    phase: Phase,
    /// The work item it is at; a loop's is in the loop.
    pub(super) work: Option<InstanceId>,
    /// CPU time the current segment still needs.
    remaining: SimDuration,
    burning_since: SimTime,
    on_core_since: SimTime,
    /// The armed [`Event::Burned`]; earlier ones are stale.
    armed: u32,
    /// Whose waiting for the GIL or a core is in the log.
    pub(super) stall_shown: Option<InstanceId>,
}

/// What a thread is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ThreadJob {
    Loop { server: u16 },
    Pool { server: u16 },
    Own { server: u16 },
    Process,
    Jobs { worker: u32 },
}

/// Where a thread is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// Waits for work, holding nothing; ends when it gets some.
    Idle,
    QueuedGil,
    /// Holds its GIL.
    QueuedCore,
    /// Has all it needs; the kernel lets it go on at this instant.
    Granted,
    /// Computes until an armed event.
    Burning,
    /// In a blocking call, holding nothing.
    Blocked,
}

/// The cores of the machine, shared by all processes.
#[derive(Debug)]
pub(super) struct Cores {
    free: u32,
    waiters: VecDeque<ThreadId>,
}

impl Cores {
    pub(super) fn new(count: u32) -> Self {
        Self {
            free: count.max(1),
            waiters: VecDeque::new(),
        }
    }
}

/// One process's global interpreter lock.
#[derive(Debug)]
pub(super) struct Gil {
    needed: bool,
    holder: Option<ThreadId>,
    waiters: VecDeque<ThreadId>,
    /// When the current switch interval began: at the last switch, or when the first waiter came.
    interval_start: SimTime,
    switch: SimDuration,
    /// How many switch intervals a turn lasts at present; see [`Kernel::plan_turns`].
    merged: u64,
    /// Turns until that is decided again.
    planned_turns: usize,
}

impl Gil {
    pub(super) fn new(machine: &Machine) -> Self {
        Self {
            needed: machine.gil == workload::Gil::On,
            holder: None,
            waiters: VecDeque::new(),
            interval_start: SimTime::ZERO,
            // As CPython does with smaller ones.
            switch: machine.switch.max(SimDuration::MICROSECOND),
            merged: 1,
            planned_turns: 0,
        }
    }
}

impl Kernel<'_> {
    pub(super) fn new_thread(&mut self, job: ThreadJob) -> ThreadId {
        let (kind, server) = match job {
            ThreadJob::Loop { server } => (LaneKind::Loop, server),
            ThreadJob::Pool { server } => (LaneKind::PoolThread, server),
            ThreadJob::Own { server } => (LaneKind::ExecutorThread, server),
            ThreadJob::Process => (LaneKind::ProcessWorker, 0),
            ThreadJob::Jobs { .. } => (LaneKind::JobWorker, 0),
        };
        let lanes = self.lanes();
        let lane = LaneId(u16::try_from(lanes.len()).unwrap_or(LaneId::NONE.0));
        let number = match job {
            ThreadJob::Jobs { worker } => worker + 1,
            _ => {
                let same = |lane: &&Lane| lane.kind == kind && lane.server == server;
                lanes.iter().filter(same).count() as u32 + 1
            }
        };
        lanes.push(Lane {
            kind,
            server,
            number,
        });
        if lane == LaneId::NONE {
            self.stop = Some(Limit::Lanes);
        }
        let gil = match job {
            ThreadJob::Loop { server } | ThreadJob::Pool { server } | ThreadJob::Own { server } => {
                self.gils[server as usize].needed.then_some(server)
            }
            ThreadJob::Process | ThreadJob::Jobs { .. } => None,
        };
        self.threads.push(Thread {
            lane,
            job,
            gil,
            phase: Phase::Idle,
            work: None,
            remaining: SimDuration::ZERO,
            burning_since: SimTime::ZERO,
            on_core_since: SimTime::ZERO,
            armed: 0,
            stall_shown: None,
        });
        ThreadId(self.threads.len() as u32 - 1)
    }

    pub(super) fn thread(&mut self, id: ThreadId) -> &mut Thread {
        &mut self.threads[id.0 as usize]
    }

    pub(super) fn is_idle(&self, id: ThreadId) -> bool {
        self.threads[id.0 as usize].phase == Phase::Idle
    }

    /// Cannot come back to `select` at this instant: computes, blocks, or queues for the GIL or a core.
    pub(super) fn is_held(&self, id: ThreadId) -> bool {
        !matches!(
            self.threads[id.0 as usize].phase,
            Phase::Idle | Phase::Granted
        )
    }

    /// A thread has work again.
    pub(super) fn wake(&mut self, id: ThreadId) {
        let Some(server) = self.thread(id).gil else {
            return self.want_core(id);
        };
        let now = self.now;
        let gil = &mut self.gils[server as usize];
        let Some(holder) = gil.holder else {
            gil.holder = Some(id);
            gil.interval_start = now;
            return self.want_core(id);
        };
        if gil.waiters.is_empty() {
            gil.interval_start = now;
        }
        gil.waiters.push_back(id);
        gil.merged = 1;
        gil.planned_turns = 0;
        self.thread(id).phase = Phase::QueuedGil;
        self.stalled.push(id);
        self.rearm(holder);
    }

    /// The same, when the work has reached it.
    pub(super) fn wake_later(&mut self, id: ThreadId, delay: SimDuration) {
        match delay.is_zero() {
            true => self.wake(id),
            false => self.schedule(delay, Event::Unblocked { thread: id }),
        }
    }

    /// A thread waits for work: others may have its core and its GIL.
    pub(super) fn idle(&mut self, id: ThreadId) {
        self.thread(id).phase = Phase::Idle;
        self.release_core();
        self.release_gil(id);
    }

    /// The code at `segment` computes for `length` on this thread.
    pub(super) fn burn(
        &mut self,
        id: ThreadId,
        who: InstanceId,
        segment: SegmentId,
        length: SimDuration,
    ) {
        self.thread(id).remaining = length;
        self.burn_on(id, who, segment);
    }

    fn burn_on(&mut self, id: ThreadId, who: InstanceId, segment: SegmentId) {
        let lane = self.thread(id).lane;
        self.record(who, State::Running, lane, segment);
        let now = self.now;
        let thread = self.thread(id);
        thread.phase = Phase::Burning;
        thread.burning_since = now;
        self.arm(id);
    }

    /// The code at `segment` makes a blocking call on this thread.
    pub(super) fn block(
        &mut self,
        id: ThreadId,
        who: InstanceId,
        segment: SegmentId,
        length: SimDuration,
    ) {
        let lane = self.thread(id).lane;
        self.record(who, State::Blocking, lane, segment);
        self.thread(id).phase = Phase::Blocked;
        self.release_core();
        self.release_gil(id);
        self.schedule(length, Event::Unblocked { thread: id });
    }

    pub(super) fn unblocked(&mut self, id: ThreadId) {
        self.wake(id);
    }

    /// If the thread still has to compute, it does; else its code goes on.
    pub(super) fn resume_burning(&mut self, id: ThreadId) -> bool {
        if self.thread(id).remaining.is_zero() {
            return false;
        }
        match self.occupant(id) {
            Some((who, segment)) => self.burn_on(id, who, segment),
            None => self.thread(id).remaining = SimDuration::ZERO,
        }
        true
    }

    /// An armed event: the segment is over, or it is somebody else's turn.
    pub(super) fn burned(&mut self, id: ThreadId, armed: u32) {
        let now = self.now;
        let thread = self.thread(id);
        if thread.armed != armed || thread.phase != Phase::Burning {
            return;
        }
        thread.remaining -= now.since(thread.burning_since);
        thread.burning_since = now;
        if thread.remaining.is_zero() {
            thread.phase = Phase::Granted;
            self.granted.push_back(id);
        } else if self.gil_drop_time(id).is_some_and(|drop| drop <= now) {
            self.switch_gil(id);
        } else if self.slice_end(id).is_some_and(|end| end <= now) {
            self.thread(id).phase = Phase::QueuedCore;
            self.stalled.push(id);
            self.cores.waiters.push_back(id);
            self.release_core();
        } else {
            self.arm(id);
        }
    }

    /// Gives the GIL to the next in line and queues again.
    fn switch_gil(&mut self, id: ThreadId) {
        let Some(server) = self.thread(id).gil else {
            return;
        };
        self.thread(id).phase = Phase::QueuedGil;
        self.stalled.push(id);
        self.gils[server as usize].waiters.push_back(id);
        self.plan_turns(server);
        self.release_core();
        self.release_gil(id);
    }

    /// While nothing but turn-taking happens, turns may be merged: everybody
    /// gets several switch intervals at once, the same number each, and at the
    /// end of the round all are exactly where they would have been. A stretch
    /// of any length then costs about [`ROUNDS_KEPT`] rounds.
    fn plan_turns(&mut self, server: u16) {
        let gil = &mut self.gils[server as usize];
        if gil.planned_turns > 1 {
            gil.planned_turns -= 1;
            return;
        }
        let switch = gil.switch.as_nanos();
        let round = switch * gil.waiters.len() as u64;
        let contenders = gil
            .waiters
            .iter()
            .map(|&id| self.threads[id.0 as usize].remaining);
        let shortest = contenders.min().unwrap_or_default();
        let rounds = (shortest.as_nanos() / switch).min(self.quiet_time().as_nanos() / round);
        let gil = &mut self.gils[server as usize];
        gil.planned_turns = gil.waiters.len();
        gil.merged = if self.cores.waiters.is_empty() {
            (rounds / ROUNDS_KEPT).max(1)
        } else {
            1
        };
    }

    fn release_gil(&mut self, id: ThreadId) {
        let Some(server) = self.thread(id).gil else {
            return;
        };
        let now = self.now;
        let gil = &mut self.gils[server as usize];
        gil.holder = gil.waiters.pop_front();
        gil.interval_start = now;
        if let Some(next) = gil.holder {
            self.want_core(next);
        }
    }

    fn want_core(&mut self, id: ThreadId) {
        if self.cores.free > 0 {
            self.cores.free -= 1;
            return self.grant(id);
        }
        match self.longest_burning() {
            // A thread that wakes up runs before those that have been computing.
            Some(other) => {
                self.preempt(other);
                self.grant(id);
            }
            None => {
                self.thread(id).phase = Phase::QueuedCore;
                self.stalled.push(id);
                self.cores.waiters.push_back(id);
                self.rearm_all();
            }
        }
    }

    fn release_core(&mut self) {
        match self.cores.waiters.pop_front() {
            Some(next) => self.grant(next),
            None => self.cores.free += 1,
        }
    }

    fn grant(&mut self, id: ThreadId) {
        let now = self.now;
        let thread = self.thread(id);
        thread.phase = Phase::Granted;
        thread.on_core_since = now;
        self.granted.push_back(id);
    }

    /// The thread that has had its core for longest, if it has had it at all.
    fn longest_burning(&self) -> Option<ThreadId> {
        let burning = self.threads.iter().enumerate().filter(|(_, thread)| {
            thread.phase == Phase::Burning && thread.on_core_since < self.now
        });
        let longest = burning.min_by_key(|(_, thread)| thread.on_core_since);
        longest.map(|(index, _)| ThreadId(index as u32))
    }

    /// Takes the core away; the caller has a use for it.
    fn preempt(&mut self, id: ThreadId) {
        let now = self.now;
        let thread = self.thread(id);
        thread.remaining -= now.since(thread.burning_since);
        thread.burning_since = now;
        thread.phase = Phase::QueuedCore;
        self.stalled.push(id);
        self.cores.waiters.push_back(id);
        self.rearm_all();
    }

    // When a burning thread has to stop

    fn arm(&mut self, id: ThreadId) {
        let thread = self.thread(id);
        thread.armed += 1;
        let armed = thread.armed;
        let mut at = thread.burning_since + thread.remaining;
        if let Some(drop) = self.gil_drop_time(id) {
            at = at.min(drop);
        }
        if let Some(end) = self.slice_end(id) {
            at = at.min(end);
        }
        self.schedule_at(at.max(self.now), Event::Burned { thread: id, armed });
    }

    fn rearm(&mut self, id: ThreadId) {
        if self.thread(id).phase == Phase::Burning {
            let now = self.now;
            let thread = self.thread(id);
            thread.remaining -= now.since(thread.burning_since);
            thread.burning_since = now;
            self.arm(id);
        }
    }

    /// Somebody waits for a core: everybody's slice counts from now on.
    fn rearm_all(&mut self) {
        if self.cores.waiters.len() == 1 {
            for index in 0..self.threads.len() {
                self.rearm(ThreadId(index as u32));
            }
        }
    }

    fn gil_drop_time(&self, id: ThreadId) -> Option<SimTime> {
        let thread = &self.threads[id.0 as usize];
        let gil = &self.gils[thread.gil? as usize];
        let start = gil.interval_start.max(thread.on_core_since);
        (!gil.waiters.is_empty()).then(|| start + gil.switch.saturating_mul(gil.merged))
    }

    fn slice_end(&self, id: ThreadId) -> Option<SimTime> {
        let since = self.threads[id.0 as usize].on_core_since;
        (!self.cores.waiters.is_empty()).then(|| since + CORE_SLICE)
    }

    // What the log hears of it

    /// Time is about to pass: who still waits for the GIL or a core really waits.
    pub(super) fn log_stalls(&mut self) {
        let mut stalled = std::mem::take(&mut self.stalled);
        stalled.retain(|&id| !self.log_stall(id));
        self.stalled = stalled;
    }

    /// False if there is nobody yet whose wait could be logged: a loop that
    /// has only arrivals to see to.
    fn log_stall(&mut self, id: ThreadId) -> bool {
        let state = match self.thread(id).phase {
            Phase::QueuedGil => State::QueuedGil,
            Phase::QueuedCore => State::QueuedCore,
            _ => return true,
        };
        // Who was shown to wait for the GIL is who waits for the core as well.
        let shown = self
            .thread(id)
            .stall_shown
            .and_then(|who| Some((who, self.slot(who)?)));
        let shown = shown.map(|(who, slot)| (who, self.segment(slot)));
        let Some((who, segment)) = shown.or_else(|| self.occupant(id)) else {
            return false;
        };
        if self.strand(who).shown != state {
            let lane = self.thread(id).lane;
            self.actor = self.in_the_way(id);
            self.record(who, state, lane, segment);
            self.thread(id).stall_shown = Some(who);
        }
        true
    }

    /// Whose code holds the GIL this thread waits for.
    fn in_the_way(&self, id: ThreadId) -> Option<InstanceId> {
        let server = self.threads[id.0 as usize].gil?;
        let holder = self.gils[server as usize]
            .holder
            .filter(|&holder| holder != id)?;
        self.occupant(holder).map(|(who, _)| who)
    }

    /// Whose code the thread is at, or is about to be at.
    fn occupant(&self, id: ThreadId) -> Option<(InstanceId, SegmentId)> {
        let thread = &self.threads[id.0 as usize];
        let who = match thread.job {
            ThreadJob::Loop { server } => {
                let event_loop = &self.loops[server as usize];
                let ready = |&id: &InstanceId| {
                    event_loop.is_in_a_step()
                        || self
                            .slot(id)
                            .is_some_and(|slot| self.strands[slot].shown == State::Ready)
                };
                event_loop.concerned().find(ready)
            }
            _ => thread.work,
        };
        let slot = self.slot(who?)?;
        Some((who?, self.segment(slot)))
    }
}
