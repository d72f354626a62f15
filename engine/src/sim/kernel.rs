//! The kernel: one clock, one agenda, and everybody's state.
//!
//! Decides when time advances and who is told. What a loop, a thread or a
//! primitive does with the news is in the files beside this one, each an
//! `impl Kernel` of its own:
//!
//! ```text
//! agenda ─▶ kernel ─▶ threads (cores, GIL) ─▶ event_loop ─▶ steps ─▶ sync, offload, children …
//! ```
//!
//! **Invariant:** all events of one instant are applied before any thread goes
//! on, so that timers which fall due together enter one loop iteration together.

use std::collections::{BTreeMap, VecDeque};

use crate::limits;
use crate::sim::agenda::{Agenda, Due};
use crate::sim::children::{Gather, Group};
use crate::sim::event_loop::{Answer, EventLoop};
use crate::sim::jobs::JobQueue;
use crate::sim::offload::{OwnExecutor, ProcessPool, ThreadLimiter};
use crate::sim::program::Program;
use crate::sim::random::Stream;
use crate::sim::strand::{Outcome, Raised, Strand};
use crate::sim::sync::Primitive;
use crate::sim::threads::{Cores, Gil, Thread, ThreadId};
use crate::time::{SimDuration, SimTime};
use crate::trace::{
    Deadlock, Ending, Instance, InstanceId, LaneId, Limit, Log, Record, Role, State, Trace,
};
use crate::workload::{self, Arrivals, SegmentId, TaskIndex, Workload};

/// Something on the agenda.
#[derive(Clone, Copy, Debug)]
pub(super) enum Event {
    /// A sleep is over, if the task is still in that turn.
    Sleep { id: InstanceId, turn: u32 },
    /// A timeout falls due, if it is still open.
    Timeout { id: InstanceId, serial: u32 },
    /// The next instance of a `run`.
    Arrival { run: u32 },
    /// A request is nearer to its handler; its loop will let go of the GIL so often.
    Approach { id: InstanceId, releases: u32 },
    /// A thread has to stop computing: its segment is over, or others want the GIL or the core.
    Burned { thread: ThreadId, armed: u32 },
    /// A blocking call returns.
    Unblocked { thread: ThreadId },
    /// The answer of work elsewhere reaches its loop.
    Answered { number: u32 },
}

#[derive(Debug)]
pub(super) struct Kernel<'w> {
    pub(super) workload: &'w Workload,
    pub(super) program: Program,
    pub(super) now: SimTime,
    agenda: Agenda<Event>,
    next_sequence: u32,
    pub(super) serial: u32,

    pub(super) strands: Vec<Strand>,
    free_strands: Vec<u32>,
    /// Where each instance's strand is, or how it ended.
    slots: Vec<Slot>,
    failures: BTreeMap<InstanceId, Raised>,
    /// Whose step is running: the cause of what happens meanwhile.
    pub(super) actor: Option<InstanceId>,

    pub(super) threads: Vec<Thread>,
    pub(super) cores: Cores,
    pub(super) gils: Vec<Gil>,
    /// Threads that have all they need to go on, in order.
    pub(super) granted: VecDeque<ThreadId>,
    /// Threads that wait for a GIL or a core since this instant: the log hears of it if time passes.
    pub(super) stalled: Vec<ThreadId>,

    pub(super) loops: Vec<EventLoop>,
    pub(super) limiters: Vec<ThreadLimiter>,
    pub(super) own_executors: Vec<OwnExecutor>,
    pub(super) processes: ProcessPool,
    pub(super) jobs: JobQueue,
    /// Answers on their way, by the number of their event.
    pub(super) late_answers: BTreeMap<u32, (u16, Answer)>,
    /// Each server's, one server after the other.
    pub(super) primitives: Vec<Primitive>,
    pub(super) gathers: Vec<Gather>,
    pub(super) groups: Vec<Group>,

    /// How many instances of each `run` have arrived, and when the next does.
    pub(super) arrivals: Vec<Arriving>,
    /// Functions on threads, processes and job workers that have not ended, begun or not.
    at_work: u64,
    /// Instances so far, as people count them.
    counted: u64,
    /// Instances of `run`s that have not ended, arrived or not.
    pub(super) outstanding: u64,
    /// Arrived, but every server was busy.
    pub(super) backlog: VecDeque<InstanceId>,

    trace: Trace,
    pub(super) limits: limits::RunLimits,
    pub(super) instances_max: u64,
    numbers: Vec<u32>,
    pub(super) steps: u64,
    /// At so many steps, [`Kernel::advance`] comes back to its caller.
    pause: u64,
    /// Steps since time last advanced.
    steps_here: u64,
    pub(super) stop: Option<Limit>,
}

/// A `run` under way.
#[derive(Clone, Copy, Debug)]
pub(super) struct Arriving {
    pub(super) arrived: u64,
    at: SimTime,
    /// The sequence number of the first instance; each has its own, since all were asked for at the start.
    first_sequence: u32,
}

/// Where an instance's strand is, or how it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Slot(u32);

impl Slot {
    const DONE: Self = Self(u32::MAX);
    const FAILED: Self = Self(u32::MAX - 1);
    const CANCELLED: Self = Self(u32::MAX - 2);

    fn index(self) -> Option<usize> {
        (self.0 < Self::CANCELLED.0).then_some(self.0 as usize)
    }
}

/// What a call of [`Kernel::advance`] left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// There is more; simulated time has come this far.
    Under {
        at: SimTime,
    },
    Over,
}

impl<'w> Kernel<'w> {
    pub(super) fn new(workload: &'w Workload, run_limits: limits::RunLimits) -> Self {
        let machine = &workload.machine;
        let servers = machine.servers.max(1) as usize;
        let arriving: u64 = workload.runs.iter().map(|run| run.count).sum();
        let expected = arriving.min(limits::INSTANCES_MAX) as usize;
        let mut kernel = Self {
            workload,
            program: Program::compile(workload),
            now: SimTime::ZERO,
            agenda: Agenda::new(),
            next_sequence: 0,
            serial: 0,
            strands: Vec::with_capacity(expected),
            free_strands: Vec::new(),
            slots: Vec::with_capacity(expected),
            failures: BTreeMap::new(),
            actor: None,
            threads: Vec::new(),
            cores: Cores::new(machine.cores),
            gils: (0..servers).map(|_| Gil::new(machine)).collect(),
            granted: VecDeque::new(),
            stalled: Vec::new(),
            loops: Vec::new(),
            limiters: (0..servers)
                .map(|_| ThreadLimiter::new(machine.pool))
                .collect(),
            own_executors: (0..servers).map(|_| OwnExecutor::default()).collect(),
            processes: ProcessPool::default(),
            jobs: JobQueue::new(machine),
            late_answers: BTreeMap::new(),
            primitives: (0..servers)
                .flat_map(|_| workload.resources.iter().map(Primitive::new))
                .collect(),
            gathers: Vec::new(),
            groups: Vec::new(),
            arrivals: Vec::with_capacity(workload.runs.len()),
            at_work: 0,
            counted: 0,
            outstanding: arriving,
            backlog: VecDeque::new(),
            trace: Trace {
                instances: Vec::with_capacity(expected),
                lanes: Vec::new(),
                log: Log::default(),
                end: SimTime::ZERO,
                ending: Ending::Finished,
            },
            limits: run_limits,
            instances_max: limits::INSTANCES_MAX,
            numbers: vec![0; workload.tasks.len()],
            steps: 0,
            pause: 0,
            steps_here: 0,
            stop: (arriving > limits::INSTANCES_MAX).then_some(Limit::Instances),
        };
        for server in 0..servers {
            kernel.start_loop(server as u16);
        }
        kernel
    }

    /// Goes on for about `steps` steps, wherever it is by then: a body that
    /// turns in place is left in the middle.
    pub(super) fn advance(&mut self, steps: u64) -> Progress {
        self.pause = self.steps.saturating_add(steps.max(1));
        while self.stop.is_none() {
            if let Some(thread) = self.granted.pop_front() {
                self.go_on(thread);
            } else if !self.next_instant() {
                return Progress::Over;
            }
            if self.is_time_to_pause() && self.stop.is_none() {
                return Progress::Under { at: self.now };
            }
        }
        Progress::Over
    }

    pub(super) fn is_time_to_pause(&self) -> bool {
        self.steps >= self.pause
    }

    /// The thread has not given up anything: it goes on before all others.
    pub(super) fn go_on_later(&mut self, thread: ThreadId) {
        self.granted.push_front(thread);
    }

    /// Moves the clock to the next event and applies everything due then.
    /// False if there is nothing left to happen.
    fn next_instant(&mut self) -> bool {
        self.log_stalls();
        // Full: the log ends within this instant, so the clock must as well.
        if self.stop.is_some() || self.everything_is_over() {
            return false;
        }
        let Some(next) = self.agenda.next_time() else {
            return false;
        };
        if self
            .workload
            .machine
            .until
            .is_some_and(|until| next > SimTime::ZERO + until)
        {
            return false;
        }
        if next > SimTime::ZERO + limits::HORIZON {
            self.stop = Some(Limit::Horizon);
            return false;
        }
        if next > self.now {
            self.now = next;
            self.steps_here = 0;
        }
        self.actor = None;
        while let Some(event) = self.agenda.pop_due(self.now) {
            self.apply(event);
        }
        true
    }

    /// What is left on the agenda, if anything, are timers that nobody waits for.
    fn everything_is_over(&self) -> bool {
        self.at_work == 0 && (0..self.loops.len()).all(|server| self.is_closed(server))
    }

    fn apply(&mut self, event: Event) {
        match event {
            Event::Sleep { id, turn } => self.sleep_is_over(id, turn),
            Event::Timeout { id, serial } => self.timeout_is_due(id, serial),
            Event::Arrival { run } => self.arrival_is_due(run),
            Event::Approach { id, releases } => self.approached(id, releases),
            Event::Burned { thread, armed } => self.burned(thread, armed),
            Event::Unblocked { thread } => self.unblocked(thread),
            Event::Answered { number } => self.answer_is_there(number),
        }
    }

    pub(super) fn into_trace(mut self) -> Trace {
        self.number_the_rest();
        let until = self
            .workload
            .machine
            .until
            .map(|until| SimTime::ZERO + until);
        let last = self
            .trace
            .log
            .len()
            .checked_sub(1)
            .and_then(|last| self.trace.log.get(last));
        self.trace.end = last.map_or(SimTime::ZERO, |record| record.at);
        self.trace.ending = if let Some(limit) = self.stop {
            self.trace.end = self.now;
            Ending::Limit(limit)
        } else if let Some(until) =
            until.filter(|_| !self.everything_is_over() && self.agenda.next_time().is_some())
        {
            self.trace.end = until;
            Ending::Until
        } else if let Some(deadlock) = self.deadlock() {
            match until {
                Some(until) => {
                    self.trace.end = until;
                    Ending::Until
                }
                None => Ending::Deadlock(Deadlock {
                    at: self.trace.end,
                    ..deadlock
                }),
            }
        } else {
            Ending::Finished
        };
        self.trace
    }

    // Time

    pub(super) fn sequence(&mut self) -> u32 {
        self.next_sequence += 1;
        self.next_sequence
    }

    pub(super) fn schedule(&mut self, delay: SimDuration, event: Event) {
        let sequence = self.sequence();
        self.agenda.schedule(
            Due {
                at: self.now + delay,
                sequence,
            },
            event,
        );
    }

    pub(super) fn schedule_at(&mut self, at: SimTime, event: Event) {
        let sequence = self.sequence();
        self.agenda.schedule(Due { at, sequence }, event);
    }

    /// How long nothing is on the agenda.
    pub(super) fn quiet_time(&self) -> SimDuration {
        let until = self
            .workload
            .machine
            .until
            .map(|until| SimTime::ZERO + until);
        let next = self.agenda.next_time().into_iter().chain(until).min();
        next.unwrap_or(SimTime::ZERO + limits::HORIZON)
            .since(self.now)
    }

    /// Counts a step towards the limits. `at` is to blame if time stands still.
    pub(super) fn count_step(&mut self, at: SegmentId) {
        self.steps += 1;
        self.steps_here += 1;
        if self.steps > limits::STEPS_MAX {
            self.stop = Some(Limit::Steps);
        }
        if self.steps_here > limits::STEPS_AT_ONCE_MAX {
            self.stop = Some(Limit::Spinning { segment: at });
        }
    }

    // Instances

    pub(super) fn create(
        &mut self,
        task: TaskIndex,
        parent: Option<InstanceId>,
        role: Role,
        server: u16,
        pc: u32,
    ) -> InstanceId {
        let id = InstanceId(self.trace.instances.len() as u32);
        // A part is no instance of a task; each is a step of its owner's, which is limited as well.
        self.counted += u64::from(role != Role::Part);
        if self.counted > self.instances_max {
            self.stop = Some(Limit::Instances);
        }
        let number = match (role, parent) {
            (Role::Part, Some(parent)) => self.instance(parent).number,
            // Numbered when a loop takes it.
            (Role::Arrived | Role::Handler, _) => 0,
            _ => self.next_number(task),
        };
        self.trace.instances.push(Instance {
            task,
            number,
            parent,
            role,
            server,
        });
        self.at_work += u64::from(role.is_work());
        let strand = Strand::new(id, pc, server);
        let slot = match self.free_strands.pop() {
            Some(slot) => {
                let extra = self.strands[slot as usize].extra.take();
                self.strands[slot as usize] = Strand { extra, ..strand };
                slot
            }
            None => {
                self.strands.push(strand);
                self.strands.len() as u32 - 1
            }
        };
        self.slots.push(Slot(slot));
        id
    }

    /// Whether so many more instances are within the limit; if not, that is the end.
    pub(super) fn has_room_for(&mut self, more: u64) -> bool {
        let fits = self.counted.saturating_add(more) <= self.instances_max;
        if !fits {
            self.stop = Some(Limit::Instances);
        }
        fits
    }

    fn next_number(&mut self, task: TaskIndex) -> u32 {
        self.numbers[task.0 as usize] += 1;
        self.numbers[task.0 as usize]
    }

    /// What arrives has its number when its task is created, as in the real
    /// program, though it may have waited for its loop by then.
    pub(super) fn number(&mut self, id: InstanceId) {
        let task = self.instance(id).task;
        self.trace.instances[id.0 as usize].number = self.next_number(task);
    }

    /// What arrived at the very end has waited for its loop in vain.
    fn number_the_rest(&mut self) {
        for index in 0..self.trace.instances.len() {
            if self.trace.instances[index].number == 0 {
                self.number(InstanceId(index as u32));
            }
        }
    }

    pub(super) fn instance(&self, id: InstanceId) -> &Instance {
        &self.trace.instances[id.0 as usize]
    }

    pub(super) fn move_to_server(&mut self, id: InstanceId, server: u16) {
        self.trace.instances[id.0 as usize].server = server;
        self.strand(id).server = server;
    }

    /// Where the strand of a live instance is.
    pub(super) fn slot(&self, id: InstanceId) -> Option<usize> {
        self.slots[id.0 as usize].index()
    }

    pub(super) fn is_over(&self, id: InstanceId) -> bool {
        self.slot(id).is_none()
    }

    /// The strand of a live instance.
    pub(super) fn strand(&mut self, id: InstanceId) -> &mut Strand {
        let slot = self.slot(id).expect("the instance is alive");
        &mut self.strands[slot]
    }

    /// How an instance ended; `None` while it lives.
    pub(super) fn outcome(&self, id: InstanceId) -> Option<Outcome> {
        match self.slots[id.0 as usize] {
            Slot::DONE => Some(Outcome::Done),
            Slot::CANCELLED => Some(Outcome::Cancelled),
            Slot::FAILED => Some(Outcome::Failed(self.failures[&id])),
            _ => None,
        }
    }

    /// Logs the end of a strand and frees it. Callbacks are the caller's to run.
    pub(super) fn end(&mut self, id: InstanceId, outcome: Outcome, segment: SegmentId) {
        let (state, slot) = match outcome {
            Outcome::Done => (State::Done, Slot::DONE),
            Outcome::Cancelled => (State::Cancelled, Slot::CANCELLED),
            Outcome::Failed(raised) => {
                self.failures.insert(id, raised);
                (State::Failed, Slot::FAILED)
            }
        };
        self.record(id, state, LaneId::NONE, segment);
        self.at_work -= u64::from(self.instance(id).role.is_work());
        let index = self.slot(id).expect("only live strands end");
        self.slots[id.0 as usize] = slot;
        if let Some(extra) = &mut self.strands[index].extra {
            extra.scopes.clear();
            extra.handles.clear();
            extra.callbacks.clear();
            extra.calls = 0;
            extra.delivered = None;
        }
        self.free_strands.push(index as u32);
    }

    pub(super) fn task_of(&self, id: InstanceId) -> &'w workload::Task {
        self.workload.task(self.instance(id).task)
    }

    /// Draws a length from the instance's own stream.
    pub(super) fn draw(&mut self, slot: usize, length: workload::Length) -> SimDuration {
        if let workload::Length::Fixed(duration) = length {
            return duration;
        }
        let id = self.strands[slot].id;
        let nth = self.strands[slot].draws;
        self.strands[slot].draws += 1;
        self.stream(id).length(nth, length)
    }

    fn stream(&self, id: InstanceId) -> Stream {
        let instance = self.instance(id);
        let own = Stream::of_instance(
            self.workload.machine.seed,
            &self.workload.task(instance.task).name,
            instance.number,
        );
        match instance.role {
            Role::Part => own.part(self.slot(id).map_or(0, |slot| self.strands[slot].part)),
            _ => own,
        }
    }

    // Arrivals

    /// What `main` does first: create what arrives at once, ask for the rest.
    pub(super) fn begin_runs(&mut self) {
        for index in 0..self.workload.runs.len() {
            let run = &self.workload.runs[index];
            let count = u32::try_from(run.count).unwrap_or(u32::MAX);
            let first_sequence = self.next_sequence.saturating_add(1);
            self.next_sequence = self.next_sequence.saturating_add(count);
            let at = match run.arrivals {
                Arrivals::Together { at } => SimTime::ZERO + at,
                Arrivals::Every { start, .. } => SimTime::ZERO + start,
                Arrivals::Poisson { start, .. } => {
                    SimTime::ZERO + start + self.poisson_gap(index, 0)
                }
            };
            self.arrivals.push(Arriving {
                arrived: 0,
                at,
                first_sequence,
            });
            let run = index as u32;
            while self.stop.is_none() && self.next_arrival(run) == Some(SimTime::ZERO) {
                self.advance_run(run);
                self.arrive(run);
            }
            self.schedule_next_arrival(run);
        }
    }

    fn next_arrival(&self, run: u32) -> Option<SimTime> {
        let arriving = self.arrivals[run as usize];
        (arriving.arrived < self.workload.runs[run as usize].count).then_some(arriving.at)
    }

    pub(super) fn schedule_next_arrival(&mut self, run: u32) {
        if let Some(at) = self.next_arrival(run) {
            let arriving = self.arrivals[run as usize];
            let sequence = arriving
                .first_sequence
                .saturating_add(arriving.arrived as u32);
            self.agenda
                .schedule(Due { at, sequence }, Event::Arrival { run });
        }
    }

    /// Counts one arrival of a run and says when the next is.
    pub(super) fn advance_run(&mut self, run: u32) {
        let arrived = self.arrivals[run as usize].arrived + 1;
        let gap = match self.workload.runs[run as usize].arrivals {
            Arrivals::Together { .. } => SimDuration::ZERO,
            Arrivals::Every { gap, .. } => gap,
            Arrivals::Poisson { .. } => self.poisson_gap(run as usize, arrived as u32),
        };
        let arriving = &mut self.arrivals[run as usize];
        arriving.arrived = arrived;
        arriving.at += gap;
    }

    /// The gap before the `nth` arrival. Runs of one task differ by their place among themselves.
    fn poisson_gap(&self, run: usize, nth: u32) -> SimDuration {
        let runs = &self.workload.runs;
        let Arrivals::Poisson { gap, .. } = runs[run].arrivals else {
            return SimDuration::ZERO;
        };
        let task = runs[run].task;
        let earlier = runs[..run]
            .iter()
            .filter(|other| other.task == task)
            .count() as u32;
        let name = &self.workload.task(task).name;
        Stream::of_instance(self.workload.machine.seed, name, 0)
            .part(earlier)
            .length(nth, workload::Length::Exponential { mean: gap })
    }

    // The log

    /// Writes a state, unless it is the one the log already has.
    #[inline]
    pub(super) fn record(
        &mut self,
        id: InstanceId,
        state: State,
        lane: LaneId,
        segment: SegmentId,
    ) {
        if let Some(slot) = self.slot(id)
            && !state.is_mark()
        {
            self.strands[slot].shown = state;
        }
        if self.trace.log.len() as u64 >= self.limits.records {
            self.stop = Some(Limit::Records {
                most: self.limits.records,
            });
            return;
        }
        let cause = self.actor.filter(|&actor| actor != id);
        let record = Record {
            at: self.now,
            instance: id,
            state,
            lane,
            segment,
            cause,
        };
        self.trace.log.push(record);
    }

    /// The instance could go on: its loop will take it.
    pub(super) fn record_ready(&mut self, slot: usize) {
        if self.strands[slot].shown != State::Ready {
            let segment = self.segment(slot);
            self.record(self.strands[slot].id, State::Ready, LaneId::NONE, segment);
        }
    }

    /// The segment a strand is at.
    pub(super) fn segment(&self, slot: usize) -> SegmentId {
        self.program.segments[self.strands[slot].pc as usize]
    }

    pub(super) fn lanes(&mut self) -> &mut Vec<crate::trace::Lane> {
        &mut self.trace.lanes
    }
}
