//! Operating-system threads: assigns cores and GILs to them, and measures computing time.
//!
//! A thread that wants to continue takes the GIL of its process first, then a core; the
//! kernel then resumes it. The code that a thread runs is decided elsewhere, in
//! `event_loop` and `steps`.
//!
//! # What this leaves out
//!
//! - Waking up takes no time. A real waiter misses a brief release of the GIL, such as a
//!   `select` that returns at once; so does ours, because only a wait that takes time
//!   releases the GIL.
//! - GIL waiters are served first come, first served. The operating system's real order
//!   is only roughly fair for many threads. Totals agree, but the order of finishing
//!   among equal threads may not: of eight equal computations some end a fifth earlier
//!   than others.
//! - A holder without a core cannot be asked to release the GIL; its switch interval
//!   starts when it gets the core.

use std::collections::VecDeque;

use crate::kernel::{Kernel, ScheduledEvent};
use model::time::{SimDuration, SimTime};
use model::trace::{InstanceId, Lane, LaneId, LaneKind, Limit, State};
use model::workload::{self, Machine, SegmentId};

/// An index into the kernel's threads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ThreadId(pub(super) u32);

/// How long a thread keeps a core that others wait for. Linux gives about this
/// much (`base_slice_ns` on few cores); only the interleaving depends on it.
const CORE_SLICE: SimDuration = SimDuration::from_millis(3);

/// Long turn-taking under the GIL is merged into about this many rounds: finer than a chart
/// can show, and still cheap.
const ROUNDS_MIN: u64 = 2_000;

/// A thread of the simulated machine. It is never destroyed.
#[derive(Debug)]
pub(super) struct SimThread {
    pub(super) lane: LaneId,
    pub(super) role: ThreadRole,
    /// The server whose GIL it needs. `None` for workers in processes of their own, which
    /// never compete for theirs.
    gil: Option<u16>,
    phase: ThreadPhase,
    /// The function it runs; for a loop's thread see [`EventLoop`](super::event_loop::EventLoop).
    pub(super) work: Option<InstanceId>,
    /// CPU time that the current segment still needs.
    remaining: SimDuration,
    computing_since: SimTime,
    on_core_since: SimTime,
    /// The number of the latest [`ScheduledEvent::ComputingStops`]; earlier ones are stale.
    check: u32,
    /// The instance that the log shows as waiting for the GIL or a core.
    pub(super) stalled_instance: Option<InstanceId>,
}

/// The kind of code that a thread runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ThreadRole {
    Loop { server: u16 },
    Pool { server: u16 },
    Executor { server: u16 },
    Process,
    JobWorker { worker: u32 },
}

/// The scheduling state of a thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ThreadPhase {
    /// Waits for work and holds nothing; ends when it gets some.
    Idle,
    /// Waits for its GIL; ends when a holder releases it.
    QueuedGil,
    /// Holds its GIL and waits for a core.
    QueuedCore,
    /// Holds its GIL and a core; the kernel resumes it at this instant.
    Runnable,
    /// Computes until a [`ScheduledEvent::ComputingStops`].
    Computing,
    /// In a blocking call or a wait for a permit, holding nothing.
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

/// The global interpreter lock of one server process.
#[derive(Debug)]
pub(super) struct GilState {
    /// False with free-threaded CPython.
    needed: bool,
    holder: Option<ThreadId>,
    waiters: VecDeque<ThreadId>,
    /// Start of the current switch interval: the last switch, or the arrival of the first waiter.
    interval_start: SimTime,
    switch: SimDuration,
    /// Switch intervals in one turn; see [`Kernel::plan_turns`].
    intervals_per_turn: u64,
    /// Turns until `intervals_per_turn` is decided again.
    turns_until_replan: usize,
}

impl GilState {
    pub(super) fn new(machine: &Machine) -> Self {
        Self {
            needed: machine.gil == workload::Gil::On,
            holder: None,
            waiters: VecDeque::new(),
            interval_start: SimTime::ZERO,
            // CPython's `take_gil` also waits at least 1 µs.
            switch: machine.switch.max(SimDuration::MICROSECOND),
            intervals_per_turn: 1,
            turns_until_replan: 0,
        }
    }
}

impl Kernel<'_> {
    pub(super) fn new_thread(&mut self, role: ThreadRole) -> ThreadId {
        let (kind, server) = match role {
            ThreadRole::Loop { server } => (LaneKind::Loop, server),
            ThreadRole::Pool { server } => (LaneKind::PoolThread, server),
            ThreadRole::Executor { server } => (LaneKind::ExecutorThread, server),
            ThreadRole::Process => (LaneKind::ProcessWorker, 0),
            ThreadRole::JobWorker { .. } => (LaneKind::JobWorker, 0),
        };
        let lanes = self.lanes();
        // `LaneId::NONE` is the first number that is too large; it stops the run below.
        let lane = LaneId(u16::try_from(lanes.len()).unwrap_or(LaneId::NONE.0));
        let number = match role {
            ThreadRole::JobWorker { worker } => worker + 1,
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
        let gil = match role {
            ThreadRole::Loop { server }
            | ThreadRole::Pool { server }
            | ThreadRole::Executor { server } => {
                self.gils[server as usize].needed.then_some(server)
            }
            ThreadRole::Process | ThreadRole::JobWorker { .. } => None,
        };
        self.threads.push(SimThread {
            lane,
            role,
            gil,
            phase: ThreadPhase::Idle,
            work: None,
            remaining: SimDuration::ZERO,
            computing_since: SimTime::ZERO,
            on_core_since: SimTime::ZERO,
            check: 0,
            stalled_instance: None,
        });
        ThreadId(self.threads.len() as u32 - 1)
    }

    pub(super) fn thread(&mut self, id: ThreadId) -> &mut SimThread {
        &mut self.threads[id.0 as usize]
    }

    pub(super) fn is_idle(&self, id: ThreadId) -> bool {
        self.threads[id.0 as usize].phase == ThreadPhase::Idle
    }

    /// Whether a loop's thread cannot return to `select` at this instant, because it computes,
    /// blocks, or queues for the GIL or a core.
    pub(super) fn is_unavailable(&self, id: ThreadId) -> bool {
        !matches!(
            self.threads[id.0 as usize].phase,
            ThreadPhase::Idle | ThreadPhase::Runnable
        )
    }

    /// Lets a thread that has work again queue for its GIL and a core.
    pub(super) fn wake_thread(&mut self, id: ThreadId) {
        debug_assert!(
            matches!(
                self.thread(id).phase,
                ThreadPhase::Idle | ThreadPhase::Blocked
            ),
            "only an idle or blocked thread is woken"
        );
        let Some(server) = self.thread(id).gil else {
            return self.want_core(id);
        };
        let now = self.now;
        let gil = &mut self.gils[server as usize];
        let Some(holder) = gil.holder else {
            // Free: the thread takes it at once.
            gil.holder = Some(id);
            gil.interval_start = now;
            return self.want_core(id);
        };
        // CPython: the switch interval counts from the first request.
        if gil.waiters.is_empty() {
            gil.interval_start = now;
        }
        gil.waiters.push_back(id);
        // The newcomer ends the turns planned so far: its interval is a single one.
        gil.intervals_per_turn = 1;
        gil.turns_until_replan = 0;
        self.thread(id).phase = ThreadPhase::QueuedGil;
        self.newly_stalled.push(id);
        self.reschedule_check(holder);
    }

    /// Wakes a thread after the time that its work needs to reach it.
    pub(super) fn wake_thread_after(&mut self, id: ThreadId, delay: SimDuration) {
        if delay.is_zero() {
            self.wake_thread(id);
        } else {
            self.schedule(delay, ScheduledEvent::ThreadWakes { thread: id });
        }
    }

    /// Lets a thread wait for work; it releases its core and its GIL.
    pub(super) fn make_idle(&mut self, id: ThreadId) {
        self.thread(id).phase = ThreadPhase::Idle;
        self.release_core();
        self.release_gil(id);
    }

    /// Lets the code at `segment` compute for `length` on this thread.
    pub(super) fn start_computing(
        &mut self,
        id: ThreadId,
        instance: InstanceId,
        segment: SegmentId,
        length: SimDuration,
    ) {
        self.thread(id).remaining = length;
        self.continue_computing(id, instance, segment);
    }

    fn continue_computing(&mut self, id: ThreadId, instance: InstanceId, segment: SegmentId) {
        let lane = self.thread(id).lane;
        self.record(instance, State::Running, lane, segment);
        let now = self.now;
        let thread = self.thread(id);
        thread.phase = ThreadPhase::Computing;
        thread.computing_since = now;
        self.schedule_check(id);
    }

    /// Lets the code at `segment` make a blocking call on this thread.
    pub(super) fn start_blocking(
        &mut self,
        id: ThreadId,
        instance: InstanceId,
        segment: SegmentId,
        length: SimDuration,
    ) {
        let lane = self.thread(id).lane;
        self.record(instance, State::Blocking, lane, segment);
        self.block_thread(id);
        self.schedule(length, ScheduledEvent::ThreadWakes { thread: id });
    }

    /// Lets a thread wait without its core and its GIL until it is woken.
    pub(super) fn block_thread(&mut self, id: ThreadId) {
        self.thread(id).phase = ThreadPhase::Blocked;
        self.release_core();
        self.release_gil(id);
    }

    /// Continues an interrupted computation. Returns false if none is left, so that the
    /// thread's code can continue.
    pub(super) fn resume_computing(&mut self, id: ThreadId) -> bool {
        if self.thread(id).remaining.is_zero() {
            return false;
        }
        match self.current_code(id) {
            Some((instance, segment)) => self.continue_computing(id, instance, segment),
            // Its instance has ended: nothing is left to compute.
            None => self.thread(id).remaining = SimDuration::ZERO,
        }
        true
    }

    /// Stops a computing thread whose segment is over, or which has to give way to another
    /// thread.
    pub(super) fn check_computing(&mut self, id: ThreadId, check: u32) {
        let now = self.now;
        let thread = self.thread(id);
        if thread.check != check || thread.phase != ThreadPhase::Computing {
            return;
        }
        thread.remaining -= now.since(thread.computing_since);
        thread.computing_since = now;
        if thread.remaining.is_zero() {
            // The segment is over; the code continues at this instant.
            thread.phase = ThreadPhase::Runnable;
            self.runnable.push_back(id);
        } else if self.gil_drop_time(id).is_some_and(|drop| drop <= now) {
            // Another thread has waited for the GIL for a whole turn.
            self.switch_gil(id);
        } else if self.slice_end(id).is_some_and(|end| end <= now) {
            // Another thread waits for a core, and this one has used up its slice.
            self.thread(id).phase = ThreadPhase::QueuedCore;
            self.newly_stalled.push(id);
            self.cores.waiters.push_back(id);
            self.release_core();
        } else {
            // The thread that waited has got what it needs.
            self.schedule_check(id);
        }
    }

    /// Gives the GIL to the next waiter and queues again.
    fn switch_gil(&mut self, id: ThreadId) {
        let Some(server) = self.thread(id).gil else {
            return;
        };
        self.thread(id).phase = ThreadPhase::QueuedGil;
        self.newly_stalled.push(id);
        self.gils[server as usize].waiters.push_back(id);
        self.plan_turns(server);
        // The next holder needs a core at once, so this one is released first.
        self.release_core();
        self.release_gil(id);
    }

    /// Decides how many switch intervals a turn lasts.
    ///
    /// While nothing but turn-taking happens, several intervals can be merged into one turn:
    /// every waiter gets the same number, so after a whole round all threads have computed
    /// exactly as much as with single intervals. E.g. 10 s of turns of 5 ms between two
    /// threads are 1,000 rounds and stay as they are; 1,000 s are 100,000 rounds, and 50
    /// intervals become one turn. About [`ROUNDS_MIN`] rounds remain, however long it lasts.
    fn plan_turns(&mut self, server: u16) {
        let gil = &mut self.gils[server as usize];
        // Within a round all turns must have the same length.
        if gil.turns_until_replan > 1 {
            gil.turns_until_replan -= 1;
            return;
        }
        let switch = gil.switch.as_nanos();
        let round = switch * gil.waiters.len() as u64;
        let contenders = gil
            .waiters
            .iter()
            .map(|&id| self.threads[id.0 as usize].remaining);
        // Merged rounds must end before a thread finishes its segment and before the next event.
        let shortest = contenders.min().unwrap_or_default();
        let rounds =
            (shortest.as_nanos() / switch).min(self.time_to_next_event().as_nanos() / round);
        let gil = &mut self.gils[server as usize];
        gil.turns_until_replan = gil.waiters.len();
        // With too few cores a core's slice may cut a turn short, so turns are not merged.
        gil.intervals_per_turn = if self.cores.waiters.is_empty() {
            (rounds / ROUNDS_MIN).max(1)
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
            return self.make_runnable(id);
        }
        match self.longest_computing() {
            // Linux favours threads that wake up over those that have been computing.
            Some(other) => {
                self.preempt_thread(other);
                self.make_runnable(id);
            }
            None => {
                self.thread(id).phase = ThreadPhase::QueuedCore;
                self.newly_stalled.push(id);
                self.cores.waiters.push_back(id);
                self.start_core_slices();
            }
        }
    }

    fn release_core(&mut self) {
        match self.cores.waiters.pop_front() {
            Some(next) => self.make_runnable(next),
            None => self.cores.free += 1,
        }
    }

    fn make_runnable(&mut self, id: ThreadId) {
        let now = self.now;
        let thread = self.thread(id);
        debug_assert_ne!(
            thread.phase,
            ThreadPhase::Runnable,
            "a thread gets one core"
        );
        thread.phase = ThreadPhase::Runnable;
        thread.on_core_since = now;
        self.runnable.push_back(id);
    }

    /// The computing thread that has had its core for longest. `None` if all of them got
    /// theirs at this instant.
    fn longest_computing(&self) -> Option<ThreadId> {
        let computing = self.threads.iter().enumerate().filter(|(_, thread)| {
            thread.phase == ThreadPhase::Computing && thread.on_core_since < self.now
        });
        let longest = computing.min_by_key(|(_, thread)| thread.on_core_since);
        longest.map(|(index, _)| ThreadId(index as u32))
    }

    /// Takes the core away; the caller gives it to another thread.
    fn preempt_thread(&mut self, id: ThreadId) {
        let now = self.now;
        let thread = self.thread(id);
        thread.remaining -= now.since(thread.computing_since);
        thread.computing_since = now;
        thread.phase = ThreadPhase::QueuedCore;
        self.newly_stalled.push(id);
        self.cores.waiters.push_back(id);
        self.start_core_slices();
    }

    // When a computing thread has to stop

    fn schedule_check(&mut self, id: ThreadId) {
        let thread = self.thread(id);
        // Makes checks that were scheduled earlier stale.
        thread.check += 1;
        let check = thread.check;
        let mut at = thread.computing_since + thread.remaining;
        if let Some(drop) = self.gil_drop_time(id) {
            at = at.min(drop);
        }
        if let Some(end) = self.slice_end(id) {
            at = at.min(end);
        }
        self.schedule_at(
            at.max(self.now),
            ScheduledEvent::ComputingStops { thread: id, check },
        );
    }

    fn reschedule_check(&mut self, id: ThreadId) {
        if self.thread(id).phase == ThreadPhase::Computing {
            let now = self.now;
            let thread = self.thread(id);
            thread.remaining -= now.since(thread.computing_since);
            thread.computing_since = now;
            self.schedule_check(id);
        }
    }

    /// Lets the slices of all computing threads end, now that a first thread waits for a core.
    fn start_core_slices(&mut self) {
        if self.cores.waiters.len() == 1 {
            for index in 0..self.threads.len() {
                self.reschedule_check(ThreadId(index as u32));
            }
        }
    }

    fn gil_drop_time(&self, id: ThreadId) -> Option<SimTime> {
        let thread = &self.threads[id.0 as usize];
        let gil = &self.gils[thread.gil? as usize];
        let start = gil.interval_start.max(thread.on_core_since);
        (!gil.waiters.is_empty()).then(|| start + gil.switch.saturating_mul(gil.intervals_per_turn))
    }

    fn slice_end(&self, id: ThreadId) -> Option<SimTime> {
        let since = self.threads[id.0 as usize].on_core_since;
        (!self.cores.waiters.is_empty()).then(|| since + CORE_SLICE)
    }

    // Logging of waits for the GIL and for cores

    /// Logs the threads that still wait for a GIL or a core. Called before time passes: a wait
    /// that ends at the same instant is not logged.
    pub(super) fn log_stalls(&mut self) {
        let mut newly_stalled = std::mem::take(&mut self.newly_stalled);
        newly_stalled.retain(|&id| !self.log_stall(id));
        self.newly_stalled = newly_stalled;
    }

    /// Returns false if there is no instance yet whose wait could be logged, e.g. for a loop
    /// that has nothing but a timeout to handle.
    fn log_stall(&mut self, id: ThreadId) -> bool {
        let state = match self.thread(id).phase {
            ThreadPhase::QueuedGil => State::QueuedGil,
            ThreadPhase::QueuedCore => State::QueuedCore,
            _ => return true,
        };
        // An instance logged as waiting for the GIL also waits for the core that follows.
        let logged = self
            .thread(id)
            .stalled_instance
            .and_then(|instance| Some((instance, self.frame_slot(instance)?)));
        let logged = logged.map(|(instance, slot)| (instance, self.current_segment(slot)));
        let Some((instance, segment)) = logged.or_else(|| self.current_code(id)) else {
            return false;
        };
        if self.frame(instance).logged_state != state {
            let lane = self.thread(id).lane;
            self.active_instance = self.gil_holder_code(id);
            self.record(instance, state, lane, segment);
            self.thread(id).stalled_instance = Some(instance);
        }
        true
    }

    /// The instance that holds the GIL this thread waits for.
    fn gil_holder_code(&self, id: ThreadId) -> Option<InstanceId> {
        let server = self.threads[id.0 as usize].gil?;
        let holder = self.gils[server as usize]
            .holder
            .filter(|&holder| holder != id)?;
        self.current_code(holder).map(|(instance, _)| instance)
    }

    /// The instance that the thread runs or will run next, and its segment.
    fn current_code(&self, id: ThreadId) -> Option<(InstanceId, SegmentId)> {
        let thread = &self.threads[id.0 as usize];
        let instance = match thread.role {
            ThreadRole::Loop { server } => {
                let event_loop = &self.loops[server as usize];
                let ready = |&id: &InstanceId| {
                    event_loop.is_in_a_step()
                        || self
                            .frame_slot(id)
                            .is_some_and(|slot| self.frames[slot].logged_state == State::Ready)
                };
                event_loop.instances_in_line().find(ready)
            }
            _ => thread.work,
        };
        let slot = self.frame_slot(instance?)?;
        Some((instance?, self.current_segment(slot)))
    }
}
